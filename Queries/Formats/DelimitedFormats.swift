/// Comma-separated values as in RFC 4180, with `\n` at a line's end.
///
/// No value is an empty field and an empty text is `""`, so readers that care can tell them apart.
public struct CSVFormat: RowFormat {
  /// Creates a writer.
  public init() {}

  /// Writes the header.
  public mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    row(columns.map { .text($0) }, into: &output)
  }

  /// Writes a record.
  public mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    for (index, value) in values.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      Self.append(value, isAlone: values.count == 1, into: &output)
    }
    output.append(UInt8(ascii: "\n"))
  }

  /// Writes nothing: the last record has ended its line.
  public mutating func end(into output: inout [UInt8]) {}

  private static func append(_ value: QueryValue, isAlone: Bool, into output: inout [UInt8]) {
    let text = value.exactText
    // A line with nothing on it would be skipped by most readers.
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

/// Tab-separated values: one line a row whatever is in it, with `\t`, `\n`, `\r` and `\\` written out.
public struct TSVFormat: RowFormat {
  /// Creates a writer.
  public init() {}

  /// Writes the header.
  public mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    row(columns.map { .text($0) }, into: &output)
  }

  /// Writes a line.
  public mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
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
  public mutating func end(into output: inout [UInt8]) {}
}
