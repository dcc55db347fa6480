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

  @OptionGroup var form: FormFlags

  /// The options these flags stand for.
  var options: CorpusOptions {
    CorpusOptions(
      delimiter: form.delimiter, encoding: form.encoding ?? .utf8, hasHeader: !form.noHeader,
      columns: ColumnMap(id: id, text: text, image: image, knowledge: knowledge, label: label, date: date),
      labelNames: labels ?? LabelNames(), shouldStop: { Interrupt.isRequested })
  }
}
