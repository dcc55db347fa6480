import ArgumentParser
import Bytes
import Corpus
import Results
import Scoring
import Store

/// `clfa label`: stores true labels of posts that are in a store.
struct LabelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Add true labels from files to the posts of a store, and show how far annotators agree.",
    discussion: """
      The files are CSV or JSON Lines with the ids of posts and their labels; texts, pictures and a model are not \
      needed. Exports of Label Studio (CSV, JSON) and doccano (JSONL) are recognized, and so is a spreadsheet made from \
      clfa export --excel: what protects its cells is removed. A row without a label changes nothing. A key that the \
      store does not have, a row that contradicts an earlier one, and several labels for one post are faults; the other \
      rows are stored, all at once. Adding the same labels again changes nothing.

      Each label has a source: the annotator if the file names one, otherwise --source. A new label replaces that of \
      the same source. clfa evaluate, estimate and report use each post's latest label, or with --truth one source.

      --majority stores the label that most sources gave as a source of its own; ties are left open. --list prints the \
      number of posts of each source, and raw agreement, Cohen's kappa of each two sources and Krippendorff's alpha, \
      with 95 % bootstrap intervals.

      EXAMPLE
        clfa label posts.sqlite labels.csv
        clfa label posts.sqlite both.csv --annotator who --note remark
        clfa label posts.sqlite project-3.json
        clfa label posts.sqlite sheet.csv --delimiter ';' --label my_label
        clfa label posts.sqlite --majority
        clfa label posts.sqlite --list
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: ArgumentHelp(
      "CSV, TSV or JSON files of labels, also compressed (.gz, .zst); - is standard input.", valueName: "labels"),
    completion: .corpusFiles)
  var files: [String] = []

  @OptionGroup var columns: LabelColumnOptions

  @Option(
    help: ArgumentHelp(
      "The source of the labels; with --annotator, the beginning of each source, as in SOURCE/ANNOTATOR. Default: labels, "
        + "or the annotator alone; with --majority, majority.", valueName: "name"))
  var source: String?

  @Option(
    help: ArgumentHelp(
      "If the store has several contents with one key: all (each gets the label), latest (the last one), or refuse (the row "
        + "is a fault). Default: all.", valueName: "choice"))
  var content: LabelledContents = .all

  @OptionGroup var chosen: RunOptions

  @Flag(help: "Store the label that most sources gave, as a source of its own.") var majority = false

  @Flag(help: "Print the sources of labels and their agreement.") var list = false

  @Option(
    help: ArgumentHelp(
      "A source that counts for --majority or --list. Can be repeated. Default: all but majorities, and for --majority all "
        + "but corpus.", valueName: "source"))
  var among: [String] = []

  @OptionGroup var format: FormatOption

  @OptionGroup var strict: StrictOptions

  mutating func validate() throws {
    let tasks = (files.isEmpty ? 0 : 1) + (majority ? 1 : 0) + (list ? 1 : 0)
    guard tasks == 1 else {
      throw ValidationError(
        tasks == 0
          ? "name files of labels, or give --majority or --list."
          : "files of labels, --majority and --list are separate commands; give one of them.")
    }
    if !among.isEmpty, !files.isEmpty { throw ValidationError("--among belongs to --majority or --list.") }
  }

  func run() throws {
    if list {
      try printSources()
    } else if majority {
      try storeMajority()
    } else {
      try addLabels()
    }
  }

  private func addLabels() throws {
    try Interruptible.run { shouldStop in
      var reader = try columns.reader(of: files, findsAnnotators: source == nil, shouldStop: shouldStop)
      for notice in reader.notices { Console.line("notice: \(notice)") }
      let said = reader.notices.count
      var request = LabelRequest(
        source: source ?? LabelSource.file, contents: content, run: chosen.name, notedAt: Timestamp.now)
      request.isPrefix = source != nil && columns.annotator != nil
      var lines = FaultMessages()
      let progress = ProgressLine()
      let summary = try store.change(shouldStop: shouldStop) { writer in
        defer { progress.close() }
        return try writer.label(request) {
          let row = try reader.next()
          progress.show {
            let share = reader.totalBytes.map { Double(reader.bytesRead) / Double(max(1, $0)) }
            return reader.rows.counted("row", "rows") + ProgressLine.percent(share)
          }
          return row
        } onFault: { fault in
          guard let line = lines.line(LabelWords.advised(fault)) else { return }
          progress.close()
          Console.line(line)
        }
      }
      for line in lines.rest { Console.line(line) }
      for notice in reader.notices[said...] { Console.line("notice: \(notice)") }
      for line in LabelWords.lines(summary, rows: reader.rows, restored: reader.restoredCells, request, store.path) {
        Console.line(line)
      }
      if strict.isOn, summary.faulted + summary.unknownLabels > 0 { throw ExitStatus.faults }
    }
  }

  private func storeMajority() throws {
    try Interruptible.run { shouldStop in
      let name = source ?? LabelSource.majority
      let summary = try store.change(shouldStop: shouldStop) { writer in
        try writer.storeMajority(of: among, as: name, notedAt: Timestamp.now)
      }
      for line in LabelWords.lines(summary, name, store.path) { Console.line(line) }
    }
  }

  private func printSources() throws {
    try store.read { reader, shouldStop in
      let sources = try LabelSources.load(from: reader, among: among)
      if shouldStop() { throw StandardOutput.WriteError.interrupted }
      for notice in LabelSourceTable.notices(sources) { Console.line("notice: \(notice)") }
      try format.print(LabelSourceTable.columns, LabelSourceTable.values(sources, shortened: format.isForPeople))
    }
  }
}

extension LabelledContents: ExpressibleByArgument {}

/// The columns and the form of files of labels.
struct LabelColumnOptions: ParsableArguments {
  @OptionGroup var key: KeyColumnOptions
  @Option(
    help: ArgumentHelp(
      "The column of true labels, or of an export of Label Studio in JSON the name of the question. Default: label, or "
        + "where Label Studio has the choices.", valueName: "column"))
  var label: String?
  @Option(
    help: ArgumentHelp(
      "The column of annotators. Default: that of Label Studio's exports if no --source is given, otherwise none.",
      valueName: "column"))
  var annotator: String?
  @Option(help: ArgumentHelp("The column of notes on labels. Default: none.", valueName: "column")) var note: String?
  @OptionGroup var coded: LabelNameOptions
  @OptionGroup var form: FileFormatOptions
  @OptionGroup var preset: PresetOptions

  /// Fills what is not given from the preset.
  mutating func validate() throws {
    guard let preset = preset.preset else { return }
    // Label Studio's files are recognized, with their own ids and every annotator.
    if preset.name != "label-studio" { (key.id, label) = (key.id ?? preset[.id], label ?? preset[.label]) }
    coded.labels = try coded.labels ?? preset[.labels].map(LabelNames.init(parsing:))
    try form.fill(from: preset.reading)
    try form.table.validate()
  }

  /// Opens files.
  func reader(
    of files: [String], findsAnnotators: Bool, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> LabelReader {
    var options = CorpusOptions(
      delimiter: form.table.delimiter, dialect: form.table.dialect, encoding: form.table.encoding ?? .utf8,
      hasHeader: !form.noHeader, records: form.records, labelNames: coded.labels ?? LabelNames(),
      shouldStop: shouldStop)
    options.spreadsheet = form.spreadsheet
    return try LabelReader(
      paths: files,
      columns: LabelColumns(
        id: key.id, label: label, annotator: annotator, note: note, findsAnnotators: findsAnnotators),
      options: options)
  }
}
