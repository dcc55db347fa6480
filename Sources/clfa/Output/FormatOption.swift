public import ArgumentParser
public import Queries

extension RowFormatName: ExpressibleByArgument {}

/// `--format`, wherever rows come out.
struct FormatOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How rows are written: on a terminal a table, or lines where there are over 10 columns; csv in a pipe.",
      discussion: "table, lines, markdown and latex are for people; csv, tsv, json and jsonl hold every value in full.")
  )
  var format: RowFormatName?

  /// Whether rows of a few columns come out as a table.
  var isTable: Bool {
    (format ?? (StandardOutput.isTerminal() ? .table : .csv)) == .table
  }

  /// Whether rows come out for people, rather than with every number in full.
  var isForPeople: Bool {
    switch format {
    case .table, .lines, .markdown, .latex: true
    case .csv, .tsv, .json, .jsonl: false
    case nil: StandardOutput.isTerminal()
    }
  }

  /// Whether rows of so many columns come out as lines.
  func isLines(columns: Int) -> Bool {
    (format ?? (StandardOutput.isTerminal() ? .readable(columns: columns) : .csv)) == .lines
  }

  /// A writer for where rows of so many columns go.
  func writer(to output: StandardOutput, columns: Int) -> any RowFormat {
    (format ?? (output.isTerminal ? .readable(columns: columns) : .csv)).writer(width: output.width)
  }

  /// Prints a few rows; a reader that goes away is no error.
  func print(_ columns: [String], _ rows: [[QueryValue]]) throws {
    let output = StandardOutput()
    var format = writer(to: output, columns: columns.count)
    format.begin(columns, into: &output.buffer)
    for row in rows { format.row(row, into: &output.buffer) }
    format.end(into: &output.buffer)
    do { try output.flush() } catch StandardOutput.Trouble.closed {}
  }
}
