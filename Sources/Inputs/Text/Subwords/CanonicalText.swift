/// The normalisation of SigLIP's texts, in the place of that of its SentencePiece model.
///
/// The rules are those of `SiglipTokenizer` in `transformers`, with Python's lower case and white space.
enum CanonicalText {
  /// The text without ASCII's punctuation, with one blank for each run of white space and none at its ends. O(bytes).
  static func canonical(_ text: String, isLower: Bool) -> String {
    var out: [UInt8] = [], wasBlank = true
    for scalar in isLower ? lowercased(text) : Array(text.unicodeScalars) {
      if TweetNormalisation.isBlank(scalar) {
        if !wasBlank { out.append(0x20) }
        wasBlank = true
      } else if !isPunctuation(scalar) {
        out += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        wasBlank = false
      }
    }
    if out.last == 0x20 { out.removeLast() }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }

  /// Lower case, with another sigma at the end of a word (Unicode, section 3.13).
  private static func lowercased(_ text: String) -> [Unicode.Scalar] {
    let scalars = Array(text.unicodeScalars)
    // Whether a cased letter is next, not counting marks and the like, from each place on.
    var isFollowed = [Bool](repeating: false, count: scalars.count + 1)
    for (index, scalar) in scalars.enumerated().reversed() {
      isFollowed[index] = scalar.properties.isCaseIgnorable ? isFollowed[index + 1] : scalar.properties.isCased
    }
    var lower: [Unicode.Scalar] = [], isPreceded = false
    lower.reserveCapacity(scalars.count)
    for (index, scalar) in scalars.enumerated() {
      if scalar == "Σ" {
        lower.append(isPreceded && !isFollowed[index + 1] ? "ς" : "σ")
      } else {
        lower += scalar.properties.lowercaseMapping.unicodeScalars
      }
      if !scalar.properties.isCaseIgnorable { isPreceded = scalar.properties.isCased }
    }
    return lower
  }
}
