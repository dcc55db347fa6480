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
  let features: FeatureSelection
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
    let folder = try Interrupt.watching { try ModelFolder.load(model) }
    let reader = try CorpusReader(paths: corpora, options: columns), limits = PictureLimits()
    let source = try ScoringCorpus(
      reader, paths: corpora, options: columns, images: images,
      features: features.files(
        of: folder.configuration.features, model: folder.name, paths: corpora, reader, lacking: { _ in }),
      reading: reading, limits: limits)
    let resolved = precision.resolved(isQuantised: false)
    let isKnown = known.contains {
      $0.name.hasSameBytes(as: run) && $0.state == RunState.finished.rawValue && $0.fingerprint == folder.fingerprint
        && $0.precision == resolved.rawValue && $0.corpus.hasSameBytes(as: source.title)
    }
    if isKnown { return }
    let task = ScoringTask(
      corpus: source, model: folder, precision: resolved,
      target: ScoringTarget(store: store, run: run, version: Version.number),
      options: ScoringOptions(threads: threads, spaces: []), limits: limits,
      // A cell that took hours to train is scored and compared whatever its test lacks; each run says what that is.
      allowedMissing: MismatchFinder.inputs(of: folder.configuration).map(\.name))
    var report = ScoringProgressReport(style: progress)
    let notices = [precision.notice(isQuantised: false, under: .auto)].compactMap(\.self)
    let ending = try task.score(consume reader, since: .now, notices: notices) { report.show($0) }
    try report.finish(ending, store: store, isStrict: false)
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
