import ArgumentParser
import Bytes
import Corpus
import Exporting
import Queries
import Scoring
import Store

/// `clfa export`: exports a run's rows for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Export a run's rows for other programs: the columns of the corpus and the model's predictions.",
    discussion: """
      Writes every row of the run in the order of its corpus, faulted rows included. The columns of the corpus come \
      first, then clfa_state, clfa_label, clfa_confidence, clfa_p_NAME for each label, clfa_similarity and \
      clfa_fault. With --calibrated MODEL, label, confidence and probabilities are those of the model's calibration, and \
      a last column, clfa_calibration, says so in each row.

      The store keeps the cells of all rows except faulted ones, but not the original names of the columns that were \
      scored. Without --corpus they are called id, text, image, knowledge and label. With --corpus the command reads \
      the corpus again and exports each row as it is there, faulted rows included, under its own column names. It \
      uses the column flags that the run was scored with; --id, --text, --delimiter and so on override them. It is \
      an error if the files are not those that the run read.

      -o FILE.csv and -o FILE.jsonl write a file. Any other name is a folder with rows.csv, rows.jsonl, the vectors \
      of each space as SPACE.npy with SPACE-rows.csv, and metadata.json for Datasette. Existing files are never \
      overwritten.

      EXAMPLE
        clfa export posts.sqlite > scored.csv
        clfa export posts.sqlite --corpus posts.csv -o scored.csv
        clfa export posts.sqlite --excel -o for-excel.csv
        clfa export posts.sqlite -o folder
      """)

  @OptionGroup var store: StoreArgument

  @Option(
    name: [.customShort("o"), .long],
    help: "The FILE.csv, FILE.jsonl or folder to write. Default: standard output.", completion: .file())
  var output: String?

  @OptionGroup var chosen: RunOptions

  @Option(
    help: ArgumentHelp(
      "A file of the run's corpus: export its rows with all their columns. Repeat it for each file.",
      valueName: "file"),
    completion: .corpusFiles)
  var corpus: [String] = []

  @OptionGroup var calibrated: CalibratedOption

  @Flag(help: "Write CSV for Excel, which then neither rounds ids nor treats texts as formulas.")
  var excel = false

  @OptionGroup var columns: ColumnOptions
  @OptionGroup var format: FormatOption

  /// The destinations that `-o` can name.
  private enum Destination {
    case stream
    case csv(String)
    case lines(String)
    case folder(String)
  }

  private var destination: Destination {
    guard let output, output != "-" else { return .stream }
    let name = output.lowercased()
    if name.utf8.suffix(4).elementsEqual(".csv".utf8) { return .csv(output) }
    if name.utf8.suffix(6).elementsEqual(".jsonl".utf8) { return .lines(output) }
    return .folder(output)
  }

  /// Endings of files that clfa does not write: a folder with such a name would surprise the user.
  private static let otherKinds = [
    "xlsx", "xls", "ods", "parquet", "feather", "arrow", "json", "tsv", "txt", "npy", "npz", "sqlite", "db", "pdf",
    "zip", "gz",
  ]

  func validate() throws {
    if case .folder(let path) = destination,
      let kind = Self.otherKinds.first(where: { path.lowercased().hasSuffix("." + $0) })
    {
      throw ValidationError(
        "-o writes FILE.csv, FILE.jsonl or a folder, not .\(kind); for Excel, --excel -o FILE.csv; for numpy and "
          + "Datasette, -o and a folder's name.")
    }
    switch destination {
    case .stream:
      if excel, let format = format.format, format != .csv {
        throw ValidationError("--excel writes CSV; leave out --format.")
      }
    case .csv, .folder, .lines:
      if format.format != nil {
        throw ValidationError("the ending of the name after -o decides the format; leave out --format.")
      }
      if case .lines = destination, excel { throw ValidationError("--excel writes CSV; name a file ending in .csv.") }
    }
    if corpus.isEmpty, columns.isGiven {
      throw ValidationError("--id, --text and the other column options need --corpus FILE; add it, or leave them out.")
    }
  }

  func run() throws {
    try Interruptible.run(isReading: true) { shouldStop in
      let calibration = try calibrated.load(store: store.path)
      let run = try RunExport(
        path: store.path, run: chosen.name, calibration: calibration?.predictions, shouldStop: shouldStop)
      try calibration?.check(run: run.name, fingerprint: run.fingerprint)
      CalibratedOption.say(try run.calibrationEffect()?.words)
      let options = try columns.filled(from: run.reading).exportOptions
      let reader = corpus.isEmpty ? nil : { [corpus] in try CorpusReader(paths: corpus, options: options) }
      switch destination {
      case .stream: try stream(run, reader)
      case .csv(let path): tell(try RunFileExport.write(run, to: path, corpus: reader, format: csv))
      case .lines(let path):
        tell(try RunFileExport.write(run, to: path, corpus: reader, format: JSONFormat(style: .lines)))
      case .folder(let path):
        let written = try RunFolderExport.write(run, to: path, corpus: reader, format: csv)
        tell(written.rows)
        let vectors = written.vectors.map { "\($0.count) \($0.space)" }
        Console.line("vectors: " + (vectors.isEmpty ? "none in the store" : vectors.joined(separator: ", ")))
        for notice in written.notices { Console.line("notice: \(notice)") }
        Console.line("Datasette: " + Shell.line(["datasette", store.path, "--metadata", path + "/metadata.json"]))
      }
    }
  }

  private var csv: any RowFormat { excel ? ExcelFormat() : CorpusCSVFormat() }

  private func stream(_ run: RunExport, _ reader: (() throws -> CorpusReader)?) throws {
    let output = StandardOutput()
    var format: any RowFormat = csv
    let isCSV = excel || self.format.format == .csv || (self.format.format == nil && !output.isTerminal)
    do {
      let summary = try RunRowExport.each(of: run, corpus: reader) { columns in
        if !isCSV { format = self.format.writer(to: output, columns: columns.count) }
        format.begin(columns, into: &output.buffer)
      } row: { values in
        format.row(values, into: &output.buffer)
        try output.drain()
      }
      format.end(into: &output.buffer)
      try output.flush()
      tell(summary)
    } catch StandardOutput.WriteError.closed {
      // The reader closed the pipe, which is not an error.
    }
  }

  /// Prints a summary, and what the store could not return.
  private func tell(_ summary: RunRowExport.Summary) {
    var line = summary.rows.counted("row", "rows")
    if summary.faulted > 0 { line += ", \(summary.faulted) of them not scored" }
    if summary.left > 0 {
      line += "; \(summary.left.counted("record", "records")) of the corpus not in the run, and left out"
    }
    Console.line(line)
    guard corpus.isEmpty else { return }
    let (faulted, repeated) = (summary.faulted > 0, summary.duplicates > 0)
    if faulted || repeated {
      let what = [
        faulted ? "rows with faults have no cells" : nil, repeated ? "repeated rows have those of the first" : nil,
      ]
      Console.line(
        "notice: \(what.compactMap(\.self).joined(separator: ", ")); --corpus FILE adds the cells of the corpus")
    }
  }
}

extension ColumnOptions {
  /// Whether any of these options is given.
  fileprivate var isGiven: Bool {
    [key.id, text, image, knowledge, label, date].contains { $0 != nil } || preset.preset != nil || coded.labels != nil
      || form.table.delimiter != nil || form.table.dialect != Dialect()
      || form.table.encoding != nil || form.noHeader || form.records != nil
      || !dateFormat.isEmpty || imageTemplate != nil || pictures != nil
  }

  /// The options for the corpus' cells; surplus ones are kept.
  fileprivate var exportOptions: CorpusOptions {
    var options = options
    options.keepsSurplus = true
    return options
  }
}
