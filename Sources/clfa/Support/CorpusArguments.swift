import ArgumentParser
import Bytes
import Corpus
import Queries
import Scoring
import Store

/// A corpus' files.
struct CorpusFiles: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "CSV or TSV files with a header; - is standard input. Several files form one corpus.", valueName: "corpus"),
    completion: .file(extensions: ["csv", "tsv"]))
  var corpora: [String]
}

/// How a corpus is read: shared by every command that reads one.
struct CorpusArguments: ParsableArguments {
  @OptionGroup var files: CorpusFiles

  @OptionGroup var columns: ColumnOptions

  /// The files as given.
  var corpora: [String] { files.corpora }

  /// The options that these flags give.
  var options: CorpusOptions { columns.options }
}

/// `--id`.
struct KeyColumnOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The column of ids. Default: id.", valueName: "column")) var id: String?
}

/// `--labels`.
struct LabelNameOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Names for coded labels, such as 0=not_sarcastic,1=sarcastic.", valueName: "code=name,..."),
    transform: LabelNames.init(parsing:))
  var labels: LabelNames?
}

/// The meaning of a corpus' columns: shared by every command that reads one.
struct ColumnOptions: ParsableArguments {
  @OptionGroup var key: KeyColumnOptions
  @Option(help: ArgumentHelp("The column of texts. Default: text.", valueName: "column")) var text: String?
  @Option(help: ArgumentHelp("The column of picture paths. Default: image.", valueName: "column")) var image: String?
  @Option(
    help: ArgumentHelp(
      "The pictures' paths, made of other columns, such as 'media/{id}.jpg'. A post whose cell is empty has no picture.",
      valueName: "template"), transform: ImageTemplate.init(parsing:))
  var imageTemplate: ImageTemplate?
  @Option(
    help: ArgumentHelp(
      "If a cell lists several pictures: first (take the first), each (a row for each; the second has the key ID#2), or "
        + "as-written (read no lists: the cell is one path). Default: first.", valueName: "choice"))
  var pictures: SeveralPictures?
  @Option(
    help: ArgumentHelp(
      "The column of additional text, such as the words in the picture or a caption. Default: knowledge.",
      valueName: "column"))
  var knowledge: String?
  @Option(help: ArgumentHelp("The column of true labels. Default: label.", valueName: "column")) var label: String?
  @Option(help: ArgumentHelp("The column of dates, stored as posted_at in UTC. Default: none.", valueName: "column"))
  var date: String?

  @OptionGroup var coded: LabelNameOptions

  @OptionGroup var form: FileFormatOptions

  /// The options that these flags give.
  var options: CorpusOptions {
    var columns = ColumnMap(id: key.id, text: text, image: image, knowledge: knowledge, label: label, date: date)
    columns.imageTemplate = imageTemplate
    var options = CorpusOptions(
      delimiter: form.table.delimiter, encoding: form.table.encoding ?? .utf8, hasHeader: !form.noHeader,
      columns: columns, labelNames: coded.labels ?? LabelNames(), shouldStop: { Interrupt.isRequested })
    options.pictures = pictures ?? .first
    return options
  }

  /// The flags that affect a record's cells and its post's key, text and knowledge, which the run records.
  var reading: [ReadingFlag] {
    let flags: [(String, String?)] = [
      ("id", key.id), ("text", text), ("image", image), ("knowledge", knowledge), ("label", label), ("date", date),
      ("delimiter", form.table.delimiter.map { $0 == UInt8(ascii: "\t") ? "tab" : String(Unicode.Scalar($0)) }),
      ("image-template", imageTemplate?.text), ("pictures", pictures?.rawValue),
      ("encoding", form.table.encoding?.rawValue), ("no-header", form.noHeader ? "true" : nil),
    ]
    return flags.compactMap { name, value in value.map { ReadingFlag(name: name, value: $0) } }
  }

  func validate() throws {
    if image != nil, imageTemplate != nil {
      throw ValidationError("--image and --image-template both say where a post's picture is; give one of them.")
    }
  }

  /// The same flags, with the run's recorded values for those that are not given.
  func filled(from reading: [ReadingFlag]) throws -> ColumnOptions {
    func remembered(_ name: String) -> String? { reading.last { $0.name == name }?.value }
    var flags = self
    flags.key.id = key.id ?? remembered("id")
    flags.text = text ?? remembered("text")
    flags.image = image ?? remembered("image")
    flags.knowledge = knowledge ?? remembered("knowledge")
    flags.label = label ?? remembered("label")
    flags.date = date ?? remembered("date")
    flags.form.table.delimiter = try form.table.delimiter ?? remembered("delimiter").map(Delimiter.parse)
    flags.form.table.encoding = try form.table.encoding ?? remembered("encoding").map(TextEncoding.init(parsing:))
    flags.imageTemplate = try imageTemplate ?? remembered("image-template").map(ImageTemplate.init(parsing:))
    flags.pictures = pictures ?? remembered("pictures").flatMap(SeveralPictures.init(rawValue:))
    flags.form.noHeader = form.noHeader || remembered("no-header") == "true"
    return flags
  }
}

/// The format of tables in files.
struct TableFormatOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The character between cells, or the word tab. Default: a tab for .tsv files, otherwise a comma.",
      valueName: "character"),
    transform: Delimiter.parse)
  var delimiter: UInt8?

  @Option(
    help: ArgumentHelp("The encoding of the files: utf-8, utf-16 or windows-1252. Default: utf-8.", valueName: "name"),
    completion: .list(TextEncoding.allCases.map(\.rawValue)), transform: TextEncoding.init(parsing:))
  var encoding: TextEncoding?
}

/// The format of a corpus' files: shared by every command that reads one.
struct FileFormatOptions: ParsableArguments {
  @OptionGroup var table: TableFormatOptions
  @Flag(help: "The files have no header line; the columns are then called 1, 2, 3 ...") var noHeader = false
}

extension ColumnDeclaration {
  /// Reads a flag's value, `NAME:TYPE`; a name may hold further colons.
  static func parse(_ argument: String) throws -> ColumnDeclaration {
    let types = ColumnType.allCases.map(\.rawValue)
    guard let colon = argument.utf8.lastIndex(of: UInt8(ascii: ":")), colon != argument.startIndex else {
      throw ValidationError("write NAME:TYPE, such as likes:integer; the types are \(types.joined(separator: ", ")).")
    }
    let word = String(argument[argument.utf8.index(after: colon)...])
    guard let type = ColumnType(rawValue: word) else {
      throw ValidationError(
        "'\(word)' is not a type\(DidYouMean.hint(for: word, in: types)); the types are \(types.joined(separator: ", "))."
      )
    }
    return ColumnDeclaration(name: ByteText(argument[..<colon]), type: type)
  }
}

/// Errors about columns whose types were declared.
enum ColumnTypeError: Error, CustomStringConvertible {
  /// The corpus has no such column.
  case missing(String, known: [String])
  /// The column has a role, such as the post's text or key, and is not among the other columns.
  case playsPart(String, known: [String])
  /// One column with two types.
  case declaredTwice(String)

  /// Rejects a column that is not among the other columns, and two types for one.
  static func check(_ columns: [ColumnDeclaration], kept: [ByteText], all: [ByteText]) throws(ColumnTypeError) {
    for (place, column) in columns.enumerated() {
      if columns[..<place].contains(where: { $0.name == column.name && $0.type != column.type }) {
        throw .declaredTwice(column.name.text)
      }
      if kept.contains(column.name) { continue }
      let (name, known) = (column.name.text, kept.map(\.text))
      throw all.contains(column.name) ? .playsPart(name, known: known) : .missing(name, known: known)
    }
  }

  var description: String {
    switch self {
    case .missing(let name, let known):
      "no column of the corpus is called '\(name.printable)' (--column)\(DidYouMean.hint(for: name, in: known)); "
        + Self.list(known)
    case .playsPart(let name, let known):
      "column '\(name.printable)' is read as part of the post, so it takes no type (--column); " + Self.list(known)
    case .declaredTwice(let name): "--column gives '\(name.printable)' two types; give it one"
    }
  }

  private static func list(_ known: [String]) -> String {
    guard !known.isEmpty else { return "the corpus has no columns beside those of the post itself" }
    return "a type can have: " + known.listed(most: 40)
  }
}
