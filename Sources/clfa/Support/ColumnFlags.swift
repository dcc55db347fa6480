import ArgumentParser
import Corpus
import Scoring

/// What the cells of a corpus are: shared by every command that reads one.
struct ColumnFlags: ParsableArguments {
  @Option(help: ArgumentHelp("The column of ids.", valueName: "column")) var id: String?
  @Option(help: ArgumentHelp("The column of texts.", valueName: "column")) var text: String?
  @Option(help: ArgumentHelp("The column of picture paths.", valueName: "column")) var image: String?
  @Option(
    help: ArgumentHelp("The column of the third stream: text read off the picture, a caption.", valueName: "column"))
  var knowledge: String?
  @Option(help: ArgumentHelp("The column of true labels.", valueName: "column")) var label: String?
  @Option(help: ArgumentHelp("The column of dates, kept as posted_at in UTC.", valueName: "column"))
  var date: String?

  @Option(
    help: ArgumentHelp("Names for coded labels: 0=not_sarcastic,1=sarcastic.", valueName: "code=name,..."),
    transform: LabelNames.init(parsing:))
  var labels: LabelNames?

  @Option(
    help: ArgumentHelp(
      "The character between cells, or the word tab. Default: a tab for .tsv, else a comma.", valueName: "character"),
    transform: Delimiter.parse)
  var delimiter: UInt8?

  @Option(
    help: ArgumentHelp("utf-8, utf-16 or windows-1252. Default: utf-8.", valueName: "name"),
    completion: .list(TextEncoding.allCases.map(\.rawValue)), transform: TextEncoding.init(parsing:))
  var encoding: TextEncoding?

  @Flag(help: "The files have no header line: columns are called 1, 2, 3 ...") var noHeader = false

  /// The options these flags stand for.
  var options: CorpusOptions {
    CorpusOptions(
      delimiter: delimiter, encoding: encoding ?? .utf8, hasHeader: !noHeader,
      columns: ColumnMap(id: id, text: text, image: image, knowledge: knowledge, label: label, date: date),
      labelNames: labels ?? LabelNames(), shouldStop: { Interrupt.isRequested })
  }
}
