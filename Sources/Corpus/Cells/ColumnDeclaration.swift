package import Bytes

/// A column of the corpus with the type of its texts.
package struct ColumnDeclaration: Equatable, Sendable {
  /// The column's name as the corpus' header spells it.
  package var name: ByteText
  /// The type that its texts are converted to.
  package var type: ColumnType

  /// Creates a declaration from its parts.
  package init(name: ByteText, type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// The type that the texts of a corpus' column are converted to in SQL; the store keeps the raw value.
package enum ColumnType: String, CaseIterable, Sendable {
  /// A 64-bit whole number; `12.0` is 12.
  case integer
  /// A finite decimal number.
  case real
  /// A date or time, converted to UTC in ISO 8601, as `posted_at` is.
  case time

  /// Whether a text has this type: whether SQL converts it to a value. O(bytes).
  package func reads(_ text: String, _ dates: DateParser) -> Bool {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    let bytes = Array(text.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    switch self {
    case .integer: return Self.isInteger(bytes)
    case .real: return Self.isReal(bytes)
    case .time: return dates.read(text).text != nil
    }
  }

  /// Digits, optionally with a sign before and `.0` after them, within 64 bits.
  private static func isInteger(_ bytes: [UInt8]) -> Bool {
    guard bytes.count <= 100, let first = bytes.first else { return false }
    var digits = bytes[...]
    if bytes.dropFirst().contains(UInt8(ascii: ".")) {
      while digits.last == UInt8(ascii: "0") { digits.removeLast() }
      while digits.last == UInt8(ascii: ".") { digits.removeLast() }
    }
    if isSign(digits.first) { digits.removeFirst() }
    guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return false }
    let significant = digits.drop { $0 == 0x30 }
    let most = first == UInt8(ascii: "-") ? "9223372036854775808" : "9223372036854775807"
    return significant.count < 19 || significant.count == 19 && !most.utf8.lexicographicallyPrecedes(significant)
  }

  /// JSON's numbers, and spellings that JSON does not allow: `+1`, `007`, `.5`.
  private static func isReal(_ bytes: [UInt8]) -> Bool {
    guard bytes.count <= 400 else { return false }
    let digits = isSign(bytes.first) ? bytes.dropFirst() : bytes[...]
    guard let first = digits.first, isDigit(first) || first == UInt8(ascii: ".") else { return false }
    var rest = digits.drop(while: isDigit)
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      guard !fraction.isEmpty else { return false }
      rest = rest[fraction.endIndex...]
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      var exponent = rest.dropFirst()
      if isSign(exponent.first) { exponent.removeFirst() }
      guard !exponent.isEmpty, exponent.allSatisfy(isDigit) else { return false }
      rest = []
    }
    return rest.isEmpty && Double(String(decoding: bytes, as: UTF8.self))?.isFinite == true
  }

  private static func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
}
