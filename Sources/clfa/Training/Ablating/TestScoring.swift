internal import Preparation
import ArgumentParser
import Bytes
import Corpus
import Evaluation
import Inputs
import Models
import Reporting
import Results
import Scoring
import Store
import Training

/// How an ablation's models are judged.
struct TestOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A CSV or TSV file of labelled posts that each model scores once. Given again, files are one corpus.",
      valueName: "file"), completion: .file(extensions: ["csv", "tsv"]))
  var test: [String] = []
  @Option(
    help: ArgumentHelp("The SQLite file that keeps the predictions, a run a cell.", valueName: "file"),
    completion: .file())
  var store: String?
  @Option(
    name: .customLong("score-precision"),
    help: ArgumentHelp("auto, f32 or bf16: what models multiply in when they score.", valueName: "name"))
  var precision: PrecisionFlag = .f32
  @Option(
    help: ArgumentHelp("A PDF file to draw the table and the differences into.", valueName: "file"),
    completion: .file(extensions: ["pdf"]))
  var report: String?

  func check() throws {
    if test.isEmpty { throw ValidationError("--test takes a file of labelled posts; there must be one.") }
    if test.contains("-") {
      throw ValidationError("--test is read once a cell, so it takes files, not standard input.")
    }
    if store?.isEmpty ?? true {
      throw ValidationError("--store takes the SQLite file that keeps the predictions; there must be one.")
    }
    if precision == .int8 { throw ValidationError("--score-precision takes auto, f32 or bf16.") }
    if let report { try ReportFile.check(report, .pdf, flag: "--report") }
  }
}

/// Scores the test's posts with one model after the other, and puts what came out side by side.
struct TestScoring {
  let corpora: [String]
  let columns: CorpusOptions
  /// How the corpus is read, as flags say it.
  let reading: [ReadingFlag]
  let images: String?
  let features: FeatureOptions
  let store: String
  let precision: PrecisionFlag
  let threads: Int
  let progress: ProgressStyle

  /// Complains of a corpus that cannot be read, and of one without the knowledge that some of the models will read.
  func check(needsKnowledge: Bool) throws {
    let corpus = try CorpusReader(paths: corpora, options: columns)
    if needsKnowledge { try TrainingPosts.checkKnowledge(corpus) }
  }

  /// The runs that the store has.
  func knownRuns() throws -> [RunSummary] {
    guard StoreInfo.exists(at: store) else { return [] }
    do throws(StoreError) {
      let reader = try StoreReader(path: store)
      defer { reader.close() }
      return try reader.runs()
    } catch .unfinished {
      return []
    }
  }

  /// Scores the posts with a model, unless a run of this name has done so.
  func score(model: String, run: String, known: [RunSummary]) throws {
    let folder = try Interruptible.watching { try ModelFolder.load(model) }
    let reader = try CorpusReader(paths: corpora, options: columns), names = reader.files
    let isKnown = known.contains {
      $0.name.hasSameBytes(as: run) && $0.state == RunState.finished.rawValue && $0.fingerprint == folder.fingerprint
        && $0.precision == precision.resolved(isQuantised: false).rawValue
        && $0.corpus.hasSameBytes(as: names.joined(separator: " + "))
    }
    if isKnown { return }
    var arguments = [
      "--model=\(model)", "--store=\(store)", "--run=\(run)", "--precision=\(precision.rawValue)",
      "--threads=\(threads)", "--progress=\(progress.rawValue)", "--embeddings=none",
    ]
    if let images { arguments.append("--images=\(images)") }
    arguments += features.arguments
    // A cell that took hours to train is scored and compared even if the test posts lack an input; each run says which.
    arguments += MismatchFinder.inputs(of: folder.configuration).map { "--allow-missing=\($0.name)" }
    let flags = try ScoreOptions.parse(arguments), limits = PictureLimits()
    let task = try ScoreTask(
      flags: flags, corpora: corpora, corpusOptions: columns, names: names, folder: folder,
      folders: PictureFolders(images: images, paths: corpora, names: names, limits: limits),
      features: features.files(
        of: folder.configuration.features, model: folder.name, paths: corpora, reader, notice: { _ in }),
      reading: reading, notices: [],
      limits: limits, options: flags.options(spaces: folder.configuration.spaces))
    try task.score(consume reader, since: .now)
  }

  /// The cells' predictions side by side.
  func table(_ grid: AblationGrid, _ baseline: AblationBaseline) throws -> (
    table: AblationTable, predictions: RunPredictions
  ) {
    let reader = try StoreReader(path: store)
    defer { reader.close() }
    let predictions = try RunPredictions.load(from: reader, runs: grid.cells.map(\.name))
    let table = grid.table(
      predictions.predicted, truths: predictions.truths, labels: predictions.labels, baseline)
    return (table, predictions)
  }
}
