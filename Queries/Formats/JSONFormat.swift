import Bytes

/// JSON objects, one a row: in one array, or one a line.
///
/// Integers are written in full, doubles in the shortest digits that read back as the same double;
/// infinities, which JSON lacks, are null. Bytes are lower-case hexadecimal. Controls and marks that
/// reorder text are escaped. A column whose name an earlier one has gets `_2`, `_3`, … behind it.
public struct JSONFormat: RowFormat {
  /// How the objects stand.
  public enum Style: Sendable {
    /// In one array.
    case array
    /// One a line.
    case lines
  }

  private let style: Style
  /// Every column's name, escaped, quoted, with its colon.
  private var keys: [[UInt8]] = []
  private var isFirst = true

  /// Creates a writer.
  public init(style: Style) {
    self.style = style
  }

  /// Opens the array.
  public mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    keys = Self.unique(columns).map { name in
      var key: [UInt8] = []
      Self.append(name, into: &key)
      key.append(UInt8(ascii: ":"))
      return key
    }
    if style == .array { output.append(UInt8(ascii: "[")) }
  }

  /// Writes an object.
  public mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    if style == .array { output.append(isFirst ? "\n" : ",\n") }
    isFirst = false
    output.append(UInt8(ascii: "{"))
    for (index, (key, value)) in zip(keys, values).enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append(contentsOf: key)
      switch value {
      case .null: output.append("null")
      case .real(let value) where !value.isFinite: output.append("null")
      case .integer, .real: output.append(value.exactText)
      case .text, .blob: Self.append(value.exactText, into: &output)
      }
    }
    output.append(UInt8(ascii: "}"))
    if style == .lines { output.append(UInt8(ascii: "\n")) }
  }

  /// Closes the array.
  public mutating func end(into output: inout [UInt8]) {
    if style == .array { output.append(isFirst ? "]\n" : "\n]\n") }
  }

  private static func append(_ text: String, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output.append("\\\"")
      case "\\": output.append("\\\\")
      default:
        // Every one of these lies below U+10000, so four digits say it.
        if scalar.isTerminalControl {
          output.append(scalar.writtenOut)
        } else {
          output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
    output.append(UInt8(ascii: "\""))
  }

  private static func unique(_ columns: [String]) -> [String] {
    var taken: Set<[UInt8]> = Set(columns.map { Array($0.utf8) })
    var seen: Set<[UInt8]> = []
    return columns.map { column in
      guard !seen.insert(Array(column.utf8)).inserted else { return column }
      var number = 2
      while !taken.insert(Array("\(column)_\(number)".utf8)).inserted { number += 1 }
      return "\(column)_\(number)"
    }
  }
}
