import Corpus
package import Queries

/// CSV that Excel opens correctly with a double click: UTF-8 with a byte-order mark, lines that end in CR LF, and no
/// text that is read as a number, a date or a formula.
///
/// - A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe before it, so that it is
///   shown and never evaluated.
/// - A text that Excel would show otherwise than it is written becomes `="…"`, a formula whose value is that text: ids
///   that it rounds, dates, fractions, times and so on (``SpreadsheetValue``).
///
/// Numbers stay numbers.
package struct ExcelFormat: RowFormat {
  /// Creates a writer.
  package init() {}

  /// Writes the mark and the header.
  package mutating func begin(_ columns: [String], into output: inout [UInt8]) {
    output += [0xEF, 0xBB, 0xBF]
    row(columns.map { .text($0) }, into: &output)
  }

  /// Writes a record.
  package mutating func row(_ values: [QueryValue], into output: inout [UInt8]) {
    var line: [UInt8] = []
    var format = CSVFormat()
    format.row(values.map(Self.protected), into: &line)
    line.removeLast()
    output += line
    output += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
  }

  /// Writes nothing: the last record has ended its line.
  package mutating func end(into output: inout [UInt8]) {}

  private static func protected(_ value: QueryValue) -> QueryValue {
    guard case .text(let text) = value, let first = text.unicodeScalars.first else { return value }
    if SpreadsheetValue.changes(text) { return .text("=\"\(text)\"") }
    switch first {
    case "=", "+", "-", "@", "\t", "\r": return .text("'" + text)
    // Excel treats the wide forms of East Asian keyboards in the same way.
    case "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return .text("'" + text)
    default: return value
    }
  }
}
