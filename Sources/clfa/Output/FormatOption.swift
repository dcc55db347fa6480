public import ArgumentParser
public import Queries

extension RowFormatName: ExpressibleByArgument {}

/// `--format`, wherever rows come out.
struct FormatOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How rows are written; a table on a terminal, csv in a pipe.",
      discussion: "csv, tsv, json and jsonl hold every value in full; the others are for people."))
  var format: RowFormatName?

  /// A writer for where the rows go.
  func writer(to output: StandardOutput) -> any RowFormat {
    (format ?? (output.isTerminal ? .table : .csv)).writer(width: output.width)
  }

  /// Prints a few rows; a reader that goes away is no error.
  func print(_ columns: [String], _ rows: [[QueryValue]]) throws {
    let output = StandardOutput()
    var format = writer(to: output)
    format.begin(columns, into: &output.buffer)
    for row in rows { format.row(row, into: &output.buffer) }
    format.end(into: &output.buffer)
    do { try output.flush() } catch StandardOutput.Trouble.closed {}
  }
}
