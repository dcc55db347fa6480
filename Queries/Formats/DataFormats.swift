import Bytes

/// Comma-separated values as in RFC 4180, with `\n` at the end of each line.
///
/// A missing value is an empty field and an empty text is `""`, so that readers can distinguish them.
package struct CSVFormat: RowFormat {
  /// Creates a writer.
  package init() {}

  /// Writes the header.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    row(columns.map { .text($0) }, into: &output)
  }

  /// Writes a record.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      Self.append(value, isAlone: values.count == 1, into: &output)
    }
    output.append(UInt8(ascii: "\n"))
  }

  /// Writes nothing: the last record has ended its line.
  package mutating func end(into output: inout [UInt8]) {}

  private static func append(_ value: QueryValue, isAlone: Bool, into output: inout [UInt8]) {
    let text = value.exactText
    // Most readers would skip an empty line.
    let isEmptyText = value == .text("") || (isAlone && value == .null)
    guard isEmptyText || text.utf8.contains(where: needsQuotes) else { return output.append(text) }
    let quote = UInt8(ascii: "\"")
    output.append(quote)
    for byte in text.utf8 {
      if byte == quote { output.append(quote) }
      output.append(byte)
    }
    output.append(quote)
  }

  private static func needsQuotes(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"): true
    default: false
    }
  }
}

/// Tab-separated values: always one line per row, with `\t`, `\n`, `\r` and `\\` escaped.
package struct TSVFormat: RowFormat {
  /// Creates a writer.
  package init() {}

  /// Writes the header.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    row(columns.map { .text($0) }, into: &output)
  }

  /// Writes a line.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: "\t")) }
      for byte in value.exactText.utf8 {
        switch byte {
        case UInt8(ascii: "\t"): output.append("\\t")
        case UInt8(ascii: "\n"): output.append("\\n")
        case UInt8(ascii: "\r"): output.append("\\r")
        case UInt8(ascii: "\\"): output.append("\\\\")
        default: output.append(byte)
        }
      }
    }
    output.append(UInt8(ascii: "\n"))
  }

  /// Writes nothing: the last line has ended.
  package mutating func end(into output: inout [UInt8]) {}
}

/// JSON objects, one per row: in one array, or one per line.
///
/// Integers are written in full, doubles with the shortest digits that read back as the same double; infinities, which
/// JSON lacks, are null. Bytes are lower-case hexadecimal. Control characters and marks that reorder text are escaped.
/// A column with the name of an earlier one gets the suffix `_2`, `_3`, ….
package struct JSONFormat: RowFormat {
  /// The layout of the objects.
  package enum Style: Sendable {
    /// In one array.
    case array
    /// One per line.
    case lines
  }

  private let style: Style
  /// Every column's name, escaped, quoted, with its colon.
  private var keys: [[UInt8]] = []
  private var isFirst = true

  /// Creates a writer.
  package init(style: Style) {
    self.style = style
  }

  /// Opens the array.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    keys = Self.unique(columns).map { name in
      var key: [UInt8] = []
      Self.append(name, into: &key)
      key.append(UInt8(ascii: ":"))
      return key
    }
    if style == .array { output.append(UInt8(ascii: "[")) }
  }

  /// Writes an object.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
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
  package mutating func end(into output: inout [UInt8]) {
    if style == .array { output.append(isFirst ? "]\n" : "\n]\n") }
  }

  private static func append(_ text: String, into output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": output.append("\\\"")
      case "\\": output.append("\\\\")
      default:
        // All of these are below U+10000, so four digits are enough.
        if scalar.isTerminalControl {
          output.append(scalar.escapedForm)
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
