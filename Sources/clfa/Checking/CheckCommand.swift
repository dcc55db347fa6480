internal import Tensors
internal import Preparation
import ArgumentParser
import CorpusCheck
import Bytes
import Corpus
import Exporting
import Inputs
import Models
import Queries

/// `clfa check`: examines a corpus before scoring or training.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Examine a corpus before scoring or training: faults, pictures, duplicates, and cues that reveal labels.",
    discussion: """
      Reads the corpus as scoring does. Reports rows that would be faults, columns, pictures, exact and near \
      duplicates, labels, scripts, and cues. A cue is a simple property that predicts the label, such as a blank at \
      the end of the text, a length, or the size of the picture. Rules for cues are learnt on one half of the \
      labelled posts and tested on the other half; cues are left out if they could be a chance result. The findings, \
      which you should look into, are listed at the end: first those that make results wrong, then those that lose \
      rows, then the others.

      The report shows examples. --list FILE.csv writes every row: rows of --against, contradictions, cues and words \
      that reveal labels, damaged texts, faults, labels in other spellings or unknown to the model, repeated ids, dates \
      and numbers that cannot be read, duplicates and reposts. Each line has the finding, the row's key, file and line, \
      and those of the row that it repeats.

      EXAMPLE
        clfa check posts.csv
        clfa check train.csv --against valid.csv --decode
        clfa check train.csv --against valid.csv --list findings.csv
        clfa check posts.csv --model MODEL --format json
      """)

  @OptionGroup var corpus: CorpusArguments

  @OptionGroup var pictures: PictureFolderOptions
  @Flag(help: "Decode every picture, to find all damage and look-alikes. Default: read only the headers.")
  var decode = false
  @Option(
    help: ArgumentHelp(
      "A model folder: also report texts that its tokenizer truncates, unknown word pieces, and unknown labels.",
      valueName: "folder"), completion: .directory)
  var model: String?
  @OptionGroup var features: FeatureOptions
  @Option(
    help: ArgumentHelp(
      "The maximum number of rows per post in a feature stream; more are faults. Default: the model's limit, otherwise 512.",
      valueName: "n"), transform: NumberArgument.whole(FeatureStream.rows))
  var maxFeatureRows: Int?
  @Option(
    help: ArgumentHelp(
      "Another corpus, such as the validation posts: report the posts that both share. Can be repeated.",
      valueName: "file"), completion: .corpusFiles)
  var against: [String] = []
  @OptionGroup var types: ColumnTypeOptions
  @OptionGroup var subset: SubsetOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var limits: PictureLimitOptions
  @Option(
    help: ArgumentHelp(
      "Write every row behind findings and duplicates to a new CSV file, with its key and place.",
      valueName: "file.csv"), completion: .file(extensions: ["csv"]))
  var list: String?
  @Flag(help: "Write the list for Excel, which then neither rounds ids nor treats texts as formulas.")
  var excel = false
  @Option(help: ArgumentHelp("text, or json: one object, described in docs/check.md.", valueName: "format"))
  var format: CheckFormat = .text
  @Flag(help: "Exit with code 2 if there are findings.") var strict = false

  func validate() throws {
    try features.check(from: nil, maxRows: maxFeatureRows)
    if corpus.corpora.contains("-"), against.contains("-") {
      throw ValidationError("standard input can be read only once; name a file for the other corpus.")
    }
    if let list, !list.lowercased().utf8.suffix(4).elementsEqual(".csv".utf8) {
      throw ValidationError("--list writes CSV; name a file that ends in .csv.")
    }
    if excel, list == nil { throw ValidationError("--excel is for the list; add --list FILE.csv, or leave it out.") }
  }

  func run() throws {
    var found = 0
    try Interruptible.run(isReading: true) { shouldStop in
      let reader = try CorpusReader(paths: corpus.corpora, options: corpus.options)
      let folders = try folders(corpus.corpora, reader.files)
      let model = try model.map(CheckedModel.init(folder:))
      let features = try checkedFeatures(reader, model)
      var options = CorpusCheckOptions(threads: threads.count)
      try ColumnTypeError.check(types.column, kept: reader.extraColumns, all: reader.columns)
      options.columnTypes = types.column
      (options.decodes, options.sample, options.limit) = (decode, subset.sample, subset.limit)
      let checker = CorpusChecker(options, shouldStop: shouldStop)
      let file = try list.map { try FindingListFile($0, format: excel ? ExcelFormat() : CorpusCSVFormat()) }
      let line = ProgressLine()
      let check = try checker.check(
        consume reader, folders: folders, features: features, model: model,
        against: try other(checker, features?.files.columns ?? [], file?.list, line), list: file?.list
      ) { rows, share in
        line.show { rows.counted("row", "rows") + " read" + ProgressLine.percent(share) }
      }
      line.close()
      try file?.write(shouldStop: shouldStop)
      try write(check, file)
      found = check.findings.count
    }
    if strict && found > 0 { throw ExitStatus.faults }
  }

  private func folders(_ paths: [String], _ names: [String]) throws -> PictureFolders {
    try PictureFolders(
      pictures.location, paths: paths, names: names, limits: limits.limits)
  }

  /// The feature files of the model's streams, or of those that the flags name if there is no model with streams.
  private func checkedFeatures(
    _ reader: borrowing CorpusReader, _ model: CheckedModel?
  ) throws -> CorpusChecker.Features? {
    if let model, !model.configuration.features.isEmpty {
      return try features.selection.files(
        of: model.configuration.features, model: model.path, paths: corpus.corpora, reader,
        lacking: { Console.line("notice: \(FeatureOptions.notice(lacking: $0))") }
      ).map { CorpusChecker.Features($0, areNew: false) }
    }
    guard !features.feature.isEmpty else { return nil }
    let columns = try features.selection.columns(of: reader, maxRows: maxFeatureRows ?? 512)
    return CorpusChecker.Features(
      try features.selection.files(columns, paths: corpus.corpora, names: reader.files), areNew: true)
  }

  /// The contents of the other corpus, whose columns must have the same names.
  private func other(
    _ checker: CorpusChecker, _ columns: [FeatureColumn], _ list: FindingList?, _ line: ProgressLine
  ) throws -> ReferenceCorpus? {
    guard !against.isEmpty else { return nil }
    let reader = try CorpusReader(paths: against, options: corpus.options)
    let folders = try folders(against, reader.files)
    let files = columns.isEmpty ? nil : try features.selection.files(columns, paths: against, names: reader.files)
    return try checker.other(consume reader, folders: folders, features: files, list: list) { rows, share in
      line.show { rows.counted("row", "rows") + " of the other corpus read" + ProgressLine.percent(share) }
    }
  }

  private func write(_ check: CorpusFindings, _ list: FindingListFile?) throws {
    let output = StandardOutput()
    do {
      switch format {
      case .text:
        for line in CheckTextReport(check, other: against, list: list).lines {
          try output.write(line.printableLine + "\n")
        }
      case .json: try output.write(CheckJSON(check, list: list).text + "\n")
      }
      try output.flush()
    } catch StandardOutput.WriteError.closed {
      // The reader closed the pipe, which is not an error.
    }
  }
}

/// The format of the output.
enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
}
