import ArgumentParser
import Corpus
import Scoring
import Store

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

  /// The flags that say where a record's cells and its post's key, text and knowledge are, for the run to remember.
  var reading: [ReadingFlag] {
    let flags: [(String, String?)] = [
      ("id", id), ("text", text), ("image", image), ("knowledge", knowledge), ("label", label), ("date", date),
      ("delimiter", form.delimiter.map { $0 == UInt8(ascii: "\t") ? "tab" : String(Unicode.Scalar($0)) }),
      ("encoding", form.encoding?.rawValue), ("no-header", form.noHeader ? "true" : nil),
    ]
    return flags.compactMap { name, value in value.map { ReadingFlag(name: name, value: $0) } }
  }

  /// The same flags, with what a run remembers in the place of those that are not given.
  func filled(from reading: [ReadingFlag]) throws -> ColumnFlags {
    func remembered(_ name: String) -> String? { reading.last { $0.name == name }?.value }
    var flags = self
    flags.id = id ?? remembered("id")
    flags.text = text ?? remembered("text")
    flags.image = image ?? remembered("image")
    flags.knowledge = knowledge ?? remembered("knowledge")
    flags.label = label ?? remembered("label")
    flags.date = date ?? remembered("date")
    flags.form.delimiter = try form.delimiter ?? remembered("delimiter").map(Delimiter.parse)
    flags.form.encoding = try form.encoding ?? remembered("encoding").map(TextEncoding.init(parsing:))
    flags.form.noHeader = form.noHeader || remembered("no-header") == "true"
    return flags
  }
}
