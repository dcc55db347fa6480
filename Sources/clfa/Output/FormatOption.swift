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
}
