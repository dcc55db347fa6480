/// Characters that a program wrote as escapes.
enum EscapedText {
  /// The text of a bytes literal of Python, `b'caf\\xc3\\xa9'`; nil for another text, and for bytes that are no UTF-8.
  static func pythonBytes(_ text: String) -> String? {
    var bytes = Array(text.utf8)[...]
    guard bytes.popFirst() == UInt8(ascii: "b"), let quote = bytes.popFirst(),
      quote == UInt8(ascii: "'") || quote == 0x22,
      bytes.popLast() == quote
    else { return nil }
    var decoded: [UInt8] = []
    while let byte = bytes.popFirst() {
      // Such a literal has only ASCII, and its quote escaped.
      guard byte < 0x80, byte != quote else { return nil }
      guard byte == UInt8(ascii: "\\") else {
        decoded.append(byte)
        continue
      }
      switch bytes.popFirst() {
      case UInt8(ascii: "x"):
        guard let value = hex(bytes.prefix(2), 2) else { return nil }
        decoded.append(UInt8(value))
        bytes = bytes.dropFirst(2)
      case UInt8(ascii: "n"): decoded.append(0x0A)
      case UInt8(ascii: "r"): decoded.append(0x0D)
      case UInt8(ascii: "t"): decoded.append(0x09)
      case let sign? where sign == UInt8(ascii: "\\") || sign == UInt8(ascii: "'") || sign == 0x22: decoded.append(sign)
      default: return nil
      }
    }
    return String(validating: decoded, as: UTF8.self)
  }

  /// The text without escapes `\\u00e9`, `\\U0001F602` and, as UTF-8, `\\xc3\\xa9`; nil if it has none.
  static func escapes(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return nil }
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = [], place = 0, found = false
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "\\"), let (character, end) = escape(bytes, place) {
        (decoded, place, found) = (decoded + character, end, true)
      } else {
        decoded.append(bytes[place])
        place += 1
      }
    }
    return found ? String(decoding: decoded, as: UTF8.self) : nil
  }

  /// The text without escapes of web addresses; nil if it has none outside of addresses.
  ///
  /// They count where they are a character of several bytes, `%C3%A9`, and between letters: `Hello%20world`, not `50%20`.
  static func percentEscapes(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return nil }
    var found = false
    let words = text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
      guard word.utf8.contains(UInt8(ascii: "%")), !word.contains("://"), !word.hasPrefix("www."), !word.contains("/")
      else { return String(word) }
      guard let decoded = percentDecoded(Array(word.utf8)) else { return String(word) }
      found = true
      return decoded
    }
    return found ? words.joined(separator: " ") : nil
  }

  /// A character's UTF-8 at an escape, and where the escape ends.
  private static func escape(_ bytes: [UInt8], _ place: Int) -> ([UInt8], end: Int)? {
    guard place + 1 < bytes.count else { return nil }
    switch bytes[place + 1] {
    case UInt8(ascii: "u"):
      guard let first = unit(bytes, place) else { return nil }
      if let scalar = Unicode.Scalar(first) {
        return scalar.value < 0x20 ? nil : (Array(String(scalar).utf8), place + 6)
      }
      // A pair for a character beyond U+FFFF.
      guard first < 0xDC00, let second = unit(bytes, place + 6), (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
      else { return nil }
      return (Array(String(scalar).utf8), place + 12)
    case UInt8(ascii: "U"):
      guard let value = hex(bytes[(place + 2)...], 8), value >= 0x80, let scalar = Unicode.Scalar(value) else {
        return nil
      }
      return (Array(String(scalar).utf8), place + 10)
    case UInt8(ascii: "x"):
      var character: [UInt8] = [], end = place
      while character.count < 4, end + 3 < bytes.count, bytes[end] == UInt8(ascii: "\\"),
        bytes[end + 1] == UInt8(ascii: "x"), let value = hex(bytes[(end + 2)...], 2)
      {
        character.append(UInt8(value))
        end += 4
        if character.count > 1, String(validating: character, as: UTF8.self)?.unicodeScalars.count == 1 {
          return (character, end)
        }
      }
      return nil
    default: return nil
    }
  }

  private static func unit(_ bytes: [UInt8], _ place: Int) -> UInt32? {
    guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else {
      return nil
    }
    return hex(bytes[(place + 2)...], 4)
  }

  private static func percentDecoded(_ bytes: [UInt8]) -> String? {
    var decoded: [UInt8] = [], place = 0, isEscaped = false
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "%"), let value = hex(bytes[(place + 1)...], 2) else {
        decoded.append(bytes[place])
        place += 1
        continue
      }
      if value >= 0x80 {
        isEscaped = true
      } else if place > 0, isLetter(bytes[place - 1]), place + 3 < bytes.count, isLetter(bytes[place + 3]) {
        isEscaped = true
      }
      decoded.append(UInt8(value))
      place += 3
    }
    return isEscaped ? String(validating: decoded, as: UTF8.self) : nil
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// The value of so many hexadecimal digits at the beginning.
  private static func hex(_ bytes: ArraySlice<UInt8>, _ count: Int) -> UInt32? {
    let digits = bytes.prefix(count)
    guard digits.count == count else { return nil }
    var value: UInt32 = 0
    for byte in digits {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46, 0x61...0x66: value = value << 4 | UInt32((byte | 0x20) - 0x57)
      default: return nil
      }
    }
    return value
  }
}
