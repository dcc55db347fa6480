import Bytes

/// One cell of an answer, in the five kinds SQLite stores.
public enum QueryValue: Sendable {
  /// No value.
  case null
  /// A 64-bit integer.
  case integer(Int64)
  /// A double; infinite at worst, since SQLite stores NaN as NULL.
  case real(Double)
  /// Text; bytes that are not UTF-8 arrive as U+FFFD.
  case text(String)
  /// Bytes, such as an embedding's vector.
  case blob([UInt8])

  /// Whether the value is an integer or a real.
  public var isNumber: Bool {
    switch self {
    case .integer, .real: true
    case .null, .text, .blob: false
    }
  }
}

extension QueryValue: Equatable {
  /// Compares texts byte by byte: canonically equal spellings are two values here, as in SQLite.
  public static func == (left: QueryValue, right: QueryValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.integer(let left), .integer(let right)): left == right
    case (.real(let left), .real(let right)): left == right
    case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
    case (.blob(let left), .blob(let right)): left == right
    default: false
    }
  }
}
