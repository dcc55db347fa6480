/// Writes rows as text, one after the other, in memory that does not grow with their number.
///
/// Call `begin` once, `row` for each row, `end` once. A format only appends bytes; the caller may empty the output at
/// any time.
package protocol RowFormat: Sendable {
  /// Begins the output with the column names.
  mutating func begin(_ columns: [String], into output: inout [UInt8])
  /// Adds a row, with as many values as there are columns.
  mutating func row(_ values: [QueryValue], into output: inout [UInt8])
  /// Ends the output.
  mutating func end(into output: inout [UInt8])
}

/// The output formats for rows.
package enum RowFormatName: String, CaseIterable, Sendable {
  /// Aligned columns for people.
  case table
  /// One field per line, for rows with many fields.
  case lines
  /// Comma-separated values as in RFC 4180, lines ended by a line feed.
  case csv
  /// Tab-separated values; tabs, line ends and backslashes inside a value are escaped.
  case tsv
  /// One JSON array of objects.
  case json
  /// One JSON object per line.
  case jsonl
  /// A table of GitHub's Markdown.
  case markdown
  /// A LaTeX `tabular` without packages.
  case latex

  /// The maximum number of columns for a readable table.
  private static let tableColumns = 10

  /// The default format for people: a table, or lines if a table would be too wide to read.
  package static func readable(columns: Int) -> RowFormatName {
    columns > tableColumns ? .lines : .table
  }

  /// A writer of this format.
  ///
  /// - Parameter width: The terminal's width in columns, which limits a table; `nil` without a terminal.
  /// - Returns: A new writer, for one output.
  package func writer(width: Int? = nil) -> any RowFormat {
    switch self {
    case .table: TableFormat(width: width)
    case .lines: LinesFormat()
    case .csv: CSVFormat()
    case .tsv: TSVFormat()
    case .json: JSONFormat(style: .array)
    case .jsonl: JSONFormat(style: .lines)
    case .markdown: MarkdownFormat()
    case .latex: LaTeXFormat()
    }
  }
}

extension [UInt8] {
  /// Appends a text's bytes.
  mutating func append(_ text: String) {
    append(contentsOf: text.utf8)
  }
}
