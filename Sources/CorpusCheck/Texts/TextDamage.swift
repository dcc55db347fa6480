internal import Inputs

/// Traces that a wrong encoding or a web page left in a text.
package enum TextDamage: String, Sendable, CaseIterable {
  /// UTF-8 whose bytes were taken for Latin-1 characters and encoded again: `Ã` and an invisible U+009F for `ß`.
  case encodedTwice = "encoded_twice"
  /// UTF-8 whose bytes were taken for Windows-1252 characters: `â€™` for `’`.
  case readAsWindows1252 = "read_as_windows_1252"
  /// HTML entities that the model reads as they are: `&amp;`.
  case entities
  /// A bytes literal of Python: `b'caf\\xc3\\xa9'`.
  case pythonBytes = "python_bytes"
  /// Characters as escapes of JSON or Python: `Caf\\u00e9`.
  case escapes
  /// Characters as in a web address: `Caf%C3%A9`.
  case percentEscapes = "percent_escapes"
  /// The sign for a character that was lost: U+FFFD.
  case lost

  /// Whether a few texts with it are no finding, because a text may be about it.
  var mayBeText: Bool {
    switch self {
    case .encodedTwice, .readAsWindows1252, .entities: false
    case .pythonBytes, .escapes, .percentEscapes, .lost: true
    }
  }

  /// The damage to a text by encodings, with the repaired text; `nil` if there is none, and a `damage` of `nil` if it may
  /// be either of the two. O(scalars); texts of ASCII cost least.
  ///
  /// One sequence of two characters may be text: `CAFÉ»` is `É` and a quote. So those outside the Latin letters count
  /// from three in a row, and none counts after a capital letter.
  static func encoding(of text: String) -> (damage: TextDamage?, repaired: String)? {
    guard text.utf8.contains(where: { $0 >= 0xC3 }) else { return nil }
    let scalars = Array(text.unicodeScalars)
    var repaired = String.UnicodeScalarView()
    var (found, isWindows, hasControls) = (false, false, false)
    var place = 0
    while place < scalars.count {
      let run = sequences(in: scalars, from: place)
      let isText =
        run.count == 0 || (run.areShort && !run.areLatin && run.count < 3)
        || (run.areShort && run.count == 1 && place > 0 && scalars[place - 1].properties.isUppercase)
      guard !isText else {
        repaired.append(scalars[place])
        place += 1
        continue
      }
      found = true
      for scalar in scalars[place..<run.end] {
        if scalar.value > 0xFF { isWindows = true } else if scalar.value < 0xA0 { hasControls = true }
      }
      repaired.append(contentsOf: run.decoded)
      place = run.end
    }
    guard found else { return nil }
    // Bytes that Windows-1252 does not define stay controls there, too.
    return (isWindows ? .readAsWindows1252 : hasControls ? .encodedTwice : nil, String(repaired))
  }

  /// Sequences of characters whose bytes are UTF-8, one after the other.
  private struct Run {
    var end: Int
    var count = 0
    /// Whether all are of two bytes, and of the letters of Western Europe.
    var areShort = true, areLatin = true
    var decoded: [Unicode.Scalar] = []
  }

  private static func sequences(in scalars: [Unicode.Scalar], from start: Int) -> Run {
    var run = Run(end: start)
    while run.end < scalars.count, let first = byte(scalars[run.end]), (0xC2...0xF4).contains(first) {
      let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
      guard run.end + length <= scalars.count else { break }
      let bytes = scalars[run.end..<run.end + length].compactMap(byte)
      guard bytes.count == length, let text = String(validating: bytes, as: UTF8.self),
        let scalar = text.unicodeScalars.first
      else { break }
      run.decoded.append(scalar)
      run.count += 1
      run.end += length
      if length > 2 { run.areShort = false }
      if first > 0xC3 { run.areLatin = false }
    }
    return run
  }

  /// The byte that a character was read from, as Latin-1 or as Windows-1252; `nil` for ASCII and for all others.
  private static func byte(_ scalar: Unicode.Scalar) -> UInt8? {
    if scalar.value < 0x80 { return nil }
    return scalar.value <= 0xFF ? UInt8(scalar.value) : windows[scalar.value]
  }

  private static let windows: [UInt32: UInt8] = [
    0x20AC: 0x80, 0x201A: 0x82, 0x0192: 0x83, 0x201E: 0x84, 0x2026: 0x85, 0x2020: 0x86, 0x2021: 0x87, 0x02C6: 0x88,
    0x2030: 0x89, 0x0160: 0x8A, 0x2039: 0x8B, 0x0152: 0x8C, 0x017D: 0x8E, 0x2018: 0x91, 0x2019: 0x92, 0x201C: 0x93,
    0x201D: 0x94, 0x2022: 0x95, 0x2013: 0x96, 0x2014: 0x97, 0x02DC: 0x98, 0x2122: 0x99, 0x0161: 0x9A, 0x203A: 0x9B,
    0x0153: 0x9C, 0x017E: 0x9E, 0x0178: 0x9F,
  ]

  /// A text without its entities; `nil` if it has none.
  static func decodingEntities(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "&")), text.utf8.contains(UInt8(ascii: ";")) else { return nil }
    let scalars = Array(text.unicodeScalars)
    let decoded = TextStep.unescapeHTML.apply(to: scalars)
    return decoded == scalars ? nil : String(String.UnicodeScalarView(decoded))
  }

  /// Each kind of damage to a text, with the repaired text. `prepared` is the text as the model's preparation gives it.
  static func all(in text: String, prepared: String) -> [(damage: TextDamage?, repaired: String)] {
    var found: [(TextDamage?, String)] = []
    if let damage = encoding(of: text) { found.append(damage) }
    if let decoded = decodingEntities(prepared) { found.append((.entities, decoded)) }
    if let decoded = EscapedText.pythonBytes(text) {
      found.append((.pythonBytes, decoded))
    } else if let decoded = EscapedText.escapes(text) {
      found.append((.escapes, decoded))
    }
    if let decoded = EscapedText.percentEscapes(text) { found.append((.percentEscapes, decoded)) }
    // U+FFFD is EF BF BD.
    if text.utf8.contains(0xEF), text.unicodeScalars.contains("\u{FFFD}") { found.append((.lost, text)) }
    return found
  }
}

/// The texts of a corpus that have one kind of damage.
package struct DamagedTexts: Sendable, Equatable {
  /// A text, where it is, and what it should be, each from where they differ.
  package struct Example: Sendable, Equatable {
    package var file: String
    package var line: Int
    package var text: String
    package var repaired: String
  }

  package var damage: TextDamage
  /// Posts with such a text, and posts with a text.
  package var posts: Int
  package var of = 0
  /// The first of them, at most three.
  package var examples: [Example]
}
