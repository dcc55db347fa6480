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
      """
      CSV or TSV files with a header, or JSON Lines (.jsonl), also compressed (.gz, .zst); - is standard input. \
      Several files form one corpus.
      """, valueName: "corpus"),
    completion: .corpusFiles)
  var corpora: [String]
}

extension CompletionKind {
  /// The files that can be a corpus.
  static var corpusFiles: CompletionKind { .file(extensions: ["csv", "tsv", "jsonl", "ndjson", "json", "gz", "zst"]) }
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
  @Option(
    help: ArgumentHelp(
      "The column of texts. Default: text. Of several columns, 'a | b' is the first that is filled, 'a + b' both, and "
        + "'list.*.member' what a list has; so with the other columns, but ids.", valueName: "column"))
  var text: String?
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
  @Option(
    help: ArgumentHelp(
      "How dates are written, if their form has two meanings as in 10/11/2018: '%d/%m/%Y' (the day first), '%m/%d/%Y %H:%M' and so on, with the codes of strptime. Can be repeated; the first that fits counts. Default: every form with one meaning.",
      valueName: "format"), transform: DateFormat.init(parsing:))
  var dateFormat: [DateFormat] = []

  @OptionGroup var coded: LabelNameOptions

  @OptionGroup var form: FileFormatOptions

  @OptionGroup var preset: PresetOptions

  /// The options that these flags give.
  var options: CorpusOptions {
    var columns = ColumnMap(id: key.id, text: text, image: image, knowledge: knowledge, label: label, date: date)
    columns.imageTemplate = imageTemplate
    var options = CorpusOptions(
      delimiter: form.table.delimiter, dialect: form.table.dialect, encoding: form.table.encoding ?? .utf8,
      hasHeader: !form.noHeader,
      columns: columns, records: form.records, labelNames: coded.labels ?? LabelNames(),
      shouldStop: { Interrupt.isRequested })
    options.dates = DateParser(formats: dateFormat)
    options.pictures = pictures ?? .first
    options.spreadsheet = form.spreadsheet
    if let preset = preset.preset {
      let use = preset.use(in: reading, labels: coded.labels)
      options.preset = use
      options.columns.allowLack(of: use.settings.compactMap(\.key.role))
    }
    return options
  }

  /// The flags that affect a record's cells and its post's key, text and knowledge, which the run records.
  var reading: [ReadingFlag] {
    let flags: [(String, String?)] = [
      ("id", key.id), ("text", text), ("image", image), ("knowledge", knowledge), ("label", label), ("date", date),
      ("date-format", dateFormat.isEmpty ? nil : dateFormat.map(\.pattern).joined(separator: "\n")),
      ("image-template", imageTemplate?.text), ("pictures", pictures?.rawValue),
    ]
    return ReadingFlag.given(flags) + form.reading + ReadingFlag.given([("preset", preset.preset?.name)])
  }

  /// Fills what is not given from the preset.
  mutating func validate() throws {
    if image != nil, imageTemplate != nil {
      throw ValidationError("--image and --image-template both say where a post's picture is; give one of them.")
    }
    guard let preset = preset.preset else { return }
    let picture = image ?? imageTemplate?.text
    self = try filled(from: preset.reading.filter { picture == nil || !["image", "image-template"].contains($0.name) })
    try form.table.validate()
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
    if dateFormat.isEmpty {
      let patterns = remembered("date-format")?.split(separator: "\n") ?? []
      flags.dateFormat = try patterns.map { try DateFormat(parsing: String($0)) }
    }
    flags.imageTemplate = try imageTemplate ?? remembered("image-template").map(ImageTemplate.init(parsing:))
    flags.pictures = pictures ?? remembered("pictures").flatMap(SeveralPictures.init(rawValue:))
    flags.coded.labels = try coded.labels ?? remembered("labels").map(LabelNames.init(parsing:))
    try flags.form.fill(from: reading)
    flags.preset.preset = preset.preset ?? Preset(recorded: reading)
    return flags
  }
}

/// The format of tables in files.
struct TableFormatOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The character between cells, the word tab, or a control character as '\\x01' or '^A'. Default: a tab for .tsv files, otherwise a comma.",
      valueName: "character"),
    transform: Delimiter.parse)
  var delimiter: UInt8?

  @Option(
    help: ArgumentHelp("The encoding of the files: utf-8, utf-16 or windows-1252. Default: utf-8.", valueName: "name"),
    completion: .list(TextEncoding.allCases.map(\.rawValue)), transform: TextEncoding.init(parsing:))
  var encoding: TextEncoding?
  @Option(
    help: ArgumentHelp(
      "The quote around cells that may hold delimiters and line breaks: \" (or the word double), ' (single), or none if quotes are ordinary characters. Default: \".",
      valueName: "quote"),
    completion: .list(["none", "single", "double"]), transform: Dialect.Quote.init(parsing:))
  var quote: Dialect.Quote?
  @Option(
    help: ArgumentHelp(
      "The character that makes a quote after it part of the text: backslash, in files with \\\" within cells. Default: none.",
      valueName: "character"),
    completion: .list(["backslash"]),
    transform: Dialect.parseEscape)
  var escape: String?
  @Option(
    help: ArgumentHelp(
      "Leave out this number of lines above the header of each file, such as a title.", valueName: "n"),
    transform: NumberArgument.whole(0...1_000_000))
  var skipLines: Int?
  @Option(
    help: ArgumentHelp("Leave out lines that begin with this character, such as '#'.", valueName: "character"),
    transform: Dialect.parseComment)
  var comment: UInt8?

  /// The dialect that these flags give.
  var dialect: Dialect {
    Dialect(
      quote: quote ?? .double, escapesByBackslash: escape != nil, skippedLines: skipLines ?? 0, comment: comment)
  }

  func validate() throws {
    if let delimiter = delimiter, delimiter == quote?.byte {
      throw ValidationError("--delimiter and --quote are the same character; give another one of them.")
    }
    if escape != nil, delimiter == UInt8(ascii: "\\") {
      throw ValidationError("--delimiter and --escape are the same character; give another delimiter.")
    }
  }
}

/// The format of a corpus' files: shared by every command that reads one.
struct FileFormatOptions: ParsableArguments {
  @OptionGroup var table: TableFormatOptions
  @Flag(help: "The files have no header line; the columns are then called 1, 2, 3 ...") var noHeader = false
  @Flag(
    help: """
      The tables are as clfa export --excel writes them: read '=text as =text and ="0042" as 0042, and say how many \
      cells that changes.
      """)
  var fromExcel = false
  @Option(
    help: ArgumentHelp(
      """
      The name of the list of posts in a JSON file that has more than the posts, such as messages; for a list within \
      another object, both names with a dot. A dot alone: the file itself has posts, over any number of lines. \
      Default: each line is a post, or the whole file is the list.
      """, valueName: "member"))
  var records: String?

  /// What becomes of cells that were written for a spreadsheet.
  var spreadsheet: SpreadsheetProtection { fromExcel ? .removed : .noticed }

  /// The flags as a run records them.
  var reading: [ReadingFlag] {
    ReadingFlag.given([
      ("delimiter", table.delimiter.map(Delimiter.word)), ("quote", table.quote?.word), ("escape", table.escape),
      ("skip-lines", table.skipLines.map { "\($0)" }), ("comment", table.comment.map(Delimiter.word)),
      ("encoding", table.encoding?.rawValue), ("no-header", noHeader ? "true" : nil),
      ("from-excel", fromExcel ? "true" : nil), ("records", records),
    ])
  }

  /// Takes recorded values for options that are not given.
  mutating func fill(from reading: [ReadingFlag]) throws {
    func remembered(_ name: String) -> String? { reading.last { $0.name == name }?.value }
    table.delimiter = try table.delimiter ?? remembered("delimiter").map(Delimiter.parse)
    table.encoding = try table.encoding ?? remembered("encoding").map(TextEncoding.init(parsing:))
    table.quote = try table.quote ?? remembered("quote").map(Dialect.Quote.init(parsing:))
    table.escape = table.escape ?? remembered("escape")
    table.skipLines = table.skipLines ?? remembered("skip-lines").flatMap { Int($0) }
    table.comment = try table.comment ?? remembered("comment").map(Dialect.parseComment)
    noHeader = noHeader || remembered("no-header") == "true"
    fromExcel = fromExcel || remembered("from-excel") == "true"
    records = records ?? remembered("records")
  }
}

/// `--column`, the types of columns that the model does not read.
struct ColumnTypeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The type of another column of the corpus in queries: integer, real or time. Can be repeated.",
      valueName: "name:type"), transform: ColumnDeclaration.parse)
  var column: [ColumnDeclaration] = []
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
