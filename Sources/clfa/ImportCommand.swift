import ArgumentParser
import Bytes
import Corpus
import Models
import Scoring
import Store

/// `clfa import`: imports another system's predictions as a run.
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Import another system's predictions into a store as a run, to compare with them.",
    discussion: """
      The CSV file needs a column id, and either a column label, or columns p_NAME with the probability of each \
      label, or both. A column confidence is optional. A file that clfa export wrote (clfa_label, clfa_p_...) can be \
      imported unchanged. Rows are matched to the store's posts by key, byte for byte; if a key has several \
      versions, its latest one is used. A row is a fault of the run if the store does not have its key, if its key \
      is repeated, or if it has no usable prediction. So score the corpus first.

      If the file has labels without probabilities, clfa evaluate cannot compute ranking and calibration measures. \
      Importing the same predictions again under the same name changes nothing; importing others under that name is \
      an error. The imported run becomes the store's latest run, so name the run you want with --run in later \
      commands.

      EXAMPLE
        clfa import posts.sqlite theirs.csv --run theirs
        clfa evaluate posts.sqlite --run posts --against theirs
      """)

  @OptionGroup var store: StoreArgument

  @Argument(
    help: "The CSV or TSV file of predictions, also compressed (.gz, .zst).",
    completion: .file(extensions: ["csv", "tsv", "gz", "zst"]))
  var predictions: String

  @Option(name: .customLong("run"), help: "The name of the new run.")
  var runName: String

  @Option(
    help: "The system's name, stored where a run has its model's name. Default: the file's name without its ending.")
  var name: String?

  @OptionGroup var key: KeyColumnOptions
  @Option(help: ArgumentHelp("The column of predicted labels.", valueName: "column")) var label: String?
  @Option(help: ArgumentHelp("The column of confidences.", valueName: "column")) var confidence: String?
  @Option(
    help: ArgumentHelp(
      "The prefix of the names of probability columns. Default: p_, or clfa_p_ for a file of clfa export.",
      valueName: "prefix"))
  var probabilities: String?
  @OptionGroup var coded: LabelNameOptions
  @OptionGroup var table: TableFormatOptions

  @OptionGroup var strict: StrictOptions

  func run() throws {
    try Interruptible.run { shouldStop in
      let request = try ImportRequest(
        reading: try open(shouldStop), run: runName, system: name ?? FileStem.of(predictions), version: Version.number,
        startedAt: Timestamp.now, shouldStop: shouldStop)
      // The store is opened before the file is read a second time.
      var lines = FaultMessages()
      let summary = try store.change(shouldStop: shouldStop) { writer in
        try writer.importPredictions(request, from: try open(shouldStop), path: predictions) { fault in
          if let line = lines.line(fault) { Console.line(line) }
        }
      }
      for line in lines.rest(store: store.path, run: runName) { Console.line(line) }
      say(summary, request)
      if strict.isOn, summary.faulted > 0 { throw ExitStatus.faults }
    }
  }

  private func open(_ shouldStop: @escaping @Sendable () -> Bool) throws -> PredictionFile {
    try PredictionFile(
      path: predictions,
      columns: PredictionColumns(
        id: key.id, label: label, confidence: confidence, prefix: probabilities,
        labelNames: coded.labels ?? LabelNames()),
      options: CorpusOptions(
        delimiter: table.delimiter, dialect: table.dialect, encoding: table.encoding ?? .utf8, shouldStop: shouldStop))
  }

  private func say(_ summary: ImportSummary, _ request: ImportRequest) {
    if summary.alreadyImported {
      Console.line("run \(runName.printable) is already finished: it holds these predictions, and nothing was changed")
      return
    }
    if summary.severalVersions > 0 {
      Console.line(
        "notice: \(summary.severalVersions.counted("row has a key", "rows have keys")) that several contents in the store share; "
          + "the last one counts")
    }
    if request.isHard {
      let what =
        request.rowsWithConfidence == 0
        ? "there are labels but no confidences"
        : "there are labels and \(request.rowsWithConfidence.counted("confidence", "confidences")), but no probabilities of "
          + "the other labels"
      Console.line("notice: \(what), so clfa evaluate gives no ranking and no calibration for this run")
    } else if request.rowsWithoutProbabilities > 0 {
      Console.line(
        "notice: \(request.rowsWithoutProbabilities.counted("row has", "rows have")) a label but no probabilities, and "
          + "counts for labels only")
    }
    Console.line(
      "run \(runName.printable) finished: \(request.rows.counted("row", "rows")) = \(summary.scored) scored + "
        + "\(summary.withoutPicture) without picture + 0 duplicate + \(summary.faulted) faulted")
  }
}
