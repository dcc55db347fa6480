import Bytes

/// One cell of a result, in the five types that SQLite stores.
package enum QueryValue: Sendable {
  /// No value.
  case null
  /// A 64-bit integer.
  case integer(Int64)
  /// A double, possibly infinite; SQLite stores NaN as NULL.
  case real(Double)
  /// Text; bytes that are not UTF-8 arrive as U+FFFD.
  case text(String)
  /// Bytes, such as an embedding's vector.
  case blob([UInt8])

  /// Whether the value is an integer or a real.
  package var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text, .blob: false
    }
  }
}

extension QueryValue: Equatable {
  /// Compares texts byte by byte: canonically equal spellings are different values, as in SQLite.
  package static func == (left: QueryValue, right: QueryValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.text(let left), .text(let right)): ByteText(left) == ByteText(right)
    case (.blob(let left), .blob(let right)): left == right
    default: false
    }
  }
}

extension QueryValue {
  /// The value for programs, without loss: doubles have the shortest digits that read back as the same double, bytes
  /// are lower-case hexadecimal, and a missing value is empty.
  var exactText: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): value.description
    case .text(let value): value
    case .blob(let bytes): bytes.hexadecimal
    }
  }

  /// The value for people: six significant digits, and the number of bytes instead of bytes.
  var shortText: String {
    switch self {
    case .null: ""
    case .integer(let value): String(value)
    case .real(let value): value.sixDigits
    case .text(let value): value
    case .blob(let bytes): bytes.count == 1 ? "<1 byte>" : "<\(bytes.count) bytes>"
    }
  }
}

extension Double {
  /// The number rounded to six significant digits, without an exponent from 1e-4 up to 1e15.
  ///
  /// It rounds the shortest decimal form, half away from zero, so 0.1 stays `0.1`.
  package var sixDigits: String {
    guard isFinite else { return description }
    guard self != 0 else { return "0.0" }
    var (digits, exponent) = Self.decimal(magnitude.description)
    if digits.count > 6 {
      let roundsUp = digits[6] >= 5
      digits.removeLast(digits.count - 6)
      if roundsUp { Self.increment(&digits, &exponent) }
    }
    while digits.count > 1, digits.last == 0 { digits.removeLast() }
    let sign = self < 0 ? "-" : ""
    let isPlain = -5 < exponent && exponent < 15
    return sign + (isPlain ? Self.plain(digits, exponent) : Self.scientific(digits, exponent))
  }

  /// The digits of a positive number, the first one not 0, and the power of ten of the first.
  private static func decimal(_ text: String) -> (digits: [UInt8], exponent: Int) {
    let mantissa = text.utf8.prefix { $0 != UInt8(ascii: "e") }
    var exponent = Int(text[mantissa.endIndex...].dropFirst()) ?? 0
    var digits: [UInt8] = []
    var pointSeen = false
    for byte in mantissa {
      if byte == UInt8(ascii: ".") {
        pointSeen = true
      } else {
        digits.append(byte &- UInt8(ascii: "0"))
        if !pointSeen { exponent += 1 }
      }
    }
    exponent -= 1
    while digits.count > 1, digits.first == 0 {
      digits.removeFirst()
      exponent -= 1
    }
    return (digits, exponent)
  }

  private static func increment(_ digits: inout [UInt8], _ exponent: inout Int) {
    for index in digits.indices.reversed() {
      if digits[index] < 9 {
        digits[index] += 1
        return
      }
      digits[index] = 0
    }
    digits.insert(1, at: 0)
    digits.removeLast()
    exponent += 1
  }

  private static func plain(_ digits: [UInt8], _ exponent: Int) -> String {
    let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + text }
    if digits.count <= exponent + 1 {
      return text + String(repeating: "0", count: exponent + 1 - digits.count) + ".0"
    }
    return text.prefix(exponent + 1) + "." + text.dropFirst(exponent + 1)
  }

  private static func scientific(_ digits: [UInt8], _ exponent: Int) -> String {
    let text = String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    let mantissa = digits.count == 1 ? text : text.prefix(1) + "." + text.dropFirst()
    return mantissa + "e" + (exponent < 0 ? "-" : "+") + String(abs(exponent))
  }
}
