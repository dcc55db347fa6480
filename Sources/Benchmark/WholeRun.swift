internal import Corpus
internal import Foundation
internal import Inputs
internal import Models
internal import Scoring
internal import Store

/// A real run of a synthetic corpus, from the first row read to the last commit.
struct WholeRun {
  let classifier: PostClassifier
  let folder: ModelFolder
  let reader: InputReader
  let corpus: String
  let limits: PictureLimits
  let version: String

  /// Scores the corpus into a new store, every text and picture anew.
  func run(workers: Int, store path: String) throws -> ScoringOutcome {
    var options = ScoringOptions(threads: workers, spaces: PostClassifier.spaces)
    options.reuseBytes = 0
    let store = try StoreWriter.open(path: path)
    let run = try store.openRun(
      RunRequest(
        name: "bench", nameIsGiven: true,
        scorer: ScorerRecord(
          modelFingerprint: folder.fingerprint, modelName: folder.name, precision: classifier.precision.rawValue,
          options: options.scorerJSON, labels: folder.labelNames),
        corpus: "posts.csv", version: version, machine: Machine(threads: workers).json, startedAt: Timestamp.now))
    let rows = try CorpusReader(paths: [corpus], options: CorpusOptions())
    let folders = try PictureFolders(images: nil, paths: [corpus], names: rows.files, limits: limits)
    let scorer = Scorer(
      classifier: classifier, labelNames: folder.labelNames, reader: reader, folders: folders, store: store,
      options: options)
    let outcome = try scorer.score(consume rows, into: run) { _ in }
    try store.close()
    guard outcome.end == .finished else { throw BenchmarkError.interrupted }
    guard outcome.totals[.faulted] == 0 else {
      throw BenchmarkError.faulted("\(outcome.totals[.faulted]) of \(outcome.totals.rows) rows are faults")
    }
    return outcome
  }
}
