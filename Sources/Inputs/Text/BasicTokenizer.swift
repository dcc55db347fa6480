/// Splits a text into words as BERT's basic tokenizer does.
///
/// In this order: control characters go, white space becomes a blank, Chinese characters are set apart; where
/// asked, accents are stripped (canonical decomposition without nonspacing marks) and letters lower-cased,
/// scalar by scalar; then words end at blanks, and every punctuation mark is a word of its own. One pass,
/// O(bytes).
package struct BasicTokenizer: Sendable {
  private let rules: ScalarRules

  /// Creates a tokenizer.
  package init(lowercase: Bool, stripAccents: Bool) {
    rules = ScalarRules(lowercase: lowercase, stripAccents: stripAccents)
  }

  /// The words of a text, in order.
  package func words(_ text: String) -> [String] {
    var words: [String] = []
    split(text.utf8.span) { word, _ in words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  /// Hands on every word of a text, in order, with its number of scalars.
  ///
  /// - Parameters:
  ///   - text: the UTF-8 of a whole `String`, or a part of it that begins and ends between scalars.
  ///   - emit: called with a word's UTF-8 and its number of scalars, at least 1.
  func split(_ text: Span<UInt8>, emit: (_ word: [UInt8], _ scalars: Int) -> Void) {
    var word = Word()
    var position = 0
    while position < text.count {
      let scalar = Self.scalar(in: text, at: &position)
      switch rules[scalar] {
      case .removed: break
      case .blank: word.end(emit)
      case .letter(let letter):
        word.settle(emit)
        word.append(letter)
      case .single(let mark):
        word.end(emit)
        word.append(mark)
        word.end(emit)
      case .barrier: word.settle(emit)
      case .syllable:
        word.settle(emit)
        HangulSyllable.forEachLetter(of: scalar) { word.append($0) }
      case .composite:
        for part in rules.parts(of: scalar) { word.add(part, emit) }
      }
    }
    word.end(emit)
  }

  /// Decodes the scalar at a position and moves past it; U+FFFD where the bytes end too early.
  private static func scalar(in text: Span<UInt8>, at position: inout Int) -> Unicode.Scalar {
    let lead = text[position]
    position += 1
    if lead < 0x80 { return Unicode.Scalar(lead) }
    let (width, bits) = lead < 0xE0 ? (1, lead & 0x1F) : lead < 0xF0 ? (2, lead & 0x0F) : (3, lead & 0x07)
    var value = UInt32(bits)
    for _ in 0..<width where position < text.count {
      value = value << 6 | UInt32(text[position] & 0x3F)
      position += 1
    }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}

/// The word that is being read.
private struct Word {
  private var bytes: [UInt8] = []
  private var scalars = 0
  /// Combining scalars whose order is open until the next base.
  private var pending: [ScalarRules.Part] = []

  init() {
    bytes.reserveCapacity(64)
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    if scalar.isASCII {
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    } else {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    scalars += 1
  }

  /// Adds a part of a decomposed scalar: combining ones wait for those after them.
  mutating func add(_ part: ScalarRules.Part, _ emit: ([UInt8], Int) -> Void) {
    if part.combiningClass != 0 {
      if !part.letters.isEmpty { pending.append(part) }
    } else {
      settle(emit)
      part.letters.forEach { spell($0, emit) }
    }
  }

  /// Puts what is pending in canonical order: by class, equal ones as written.
  mutating func settle(_ emit: ([UInt8], Int) -> Void) {
    if pending.isEmpty { return }
    let ordered = pending.enumerated().sorted {
      ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
    }
    pending.removeAll()
    for part in ordered { part.element.letters.forEach { spell($0, emit) } }
  }

  /// Ends the word, if one has begun.
  mutating func end(_ emit: ([UInt8], Int) -> Void) {
    settle(emit)
    if scalars == 0 { return }
    emit(bytes, scalars)
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
  }

  private mutating func spell(_ scalar: Unicode.Scalar, _ emit: ([UInt8], Int) -> Void) {
    guard ScalarClass.isPunctuation(scalar) else { return append(scalar) }
    if scalars > 0 { emit(bytes, scalars) }
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
    append(scalar)
    emit(bytes, scalars)
    bytes.removeAll(keepingCapacity: true)
    scalars = 0
  }
}
