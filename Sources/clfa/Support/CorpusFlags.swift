import ArgumentParser
import Corpus

/// How a corpus is read: shared by every command that reads one.
struct CorpusFlags: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "CSV or TSV files with a header; - is standard input. Several files are one corpus.", valueName: "corpus"),
    completion: .file(extensions: ["csv", "tsv"]))
  var corpora: [String]

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
    help: ArgumentHelp(
      "Names for coded labels: 0=not_sarcastic,1=sarcastic.", valueName: "code=name,…"))
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "The character between cells; 'tab' for a tab. Default: tab for .tsv, else a comma.",
      valueName: "character"))
  var delimiter: String?

  @Option(help: ArgumentHelp("utf-8, utf-16 or windows-1252.", valueName: "name"))
  var encoding: TextEncoding = .utf8

  @Flag(help: "The files have no header line: columns are called 1, 2, 3 …") var noHeader = false

  /// The options these flags stand for.
  func options() throws -> CorpusOptions {
    var options = CorpusOptions()
    options.delimiter = try delimiter.map(Self.delimiter)
    options.encoding = encoding
    options.hasHeader = !noHeader
    options.columns = ColumnMap(
      id: id, text: text, image: image, knowledge: knowledge, label: label, date: date)
    if let labels { options.labelNames = try LabelNames(parsing: labels) }
    return options
  }

  private static func delimiter(_ text: String) throws -> UInt8 {
    if text == "tab" || text == "\\t" { return UInt8(ascii: "\t") }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte != UInt8(ascii: "\""), byte >= 32 || byte == 9
    else {
      throw ValidationError("--delimiter takes one ASCII character or the word tab, not '\(text)'.")
    }
    return byte
  }
}

extension TextEncoding: ExpressibleByArgument {}
