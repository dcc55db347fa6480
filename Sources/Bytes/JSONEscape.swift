/// Reads the escapes within JSON's strings, for the parser and the scanner.
enum JSONEscape {
  /// What is missing at a byte, from 0.
  struct Fault: Error {
    let expected: String
    let at: Int
  }

  /// Reads an escape.
  ///
  /// - Parameters:
  ///   - bytes: the JSON.
  ///   - at: the byte after the backslash; then the one after the escape.
  ///   - text: the string so far, to which the character is added in UTF-8.
  /// - Throws: `Fault`.
  static func read<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, at: inout Int, into text: inout [UInt8]
  ) throws(Fault) where Bytes.Index == Int {
    let start = at
    guard at < bytes.endIndex else { throw Fault(expected: "an escape", at: at) }
    at += 1
    switch bytes[start] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[start])
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var code = try fourHexDigits(bytes, at: &at)
      if (0xD800..<0xDC00).contains(code), bytes[at...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
        at += 2
        let low = try fourHexDigits(bytes, at: &at)
        guard (0xDC00..<0xE000).contains(low) else { throw Fault(expected: "the second half of a pair", at: start) }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw Fault(expected: "a character, not half of one", at: start)
      }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    default: throw Fault(expected: "an escape", at: start)
    }
  }

  private static func fourHexDigits<Bytes: RandomAccessCollection<UInt8>>(
    _ bytes: Bytes, at: inout Int
  ) throws(Fault) -> UInt32 where Bytes.Index == Int {
    var code: UInt32 = 0
    for _ in 0..<4 {
      let digit: UInt32
      switch at < bytes.endIndex ? bytes[at] : 0 {
      case let byte where (0x30...0x39).contains(byte): digit = UInt32(byte) - 0x30
      case let byte where (0x61...0x66).contains(byte | 0x20): digit = UInt32(byte | 0x20) - 0x61 + 10
      default: throw Fault(expected: "four hexadecimal digits", at: at)
      }
      at += 1
      code = code << 4 | digit
    }
    return code
  }
}
