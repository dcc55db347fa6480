import Bytes
import Preparation
import Corpus
import Foundation
import Inputs
import Scoring
import Store
import TestSupport
import Testing

/// A failure in a part of the program ends the run, but its store is complete, and the run can continue.
@Suite struct ScorerFailureTests {
  private struct Broken: Error {}

  private static let model = ScorerRecord(
    modelFingerprint: "f00d", modelName: "small", precision: "f32", options: "{}", labels: ["a", "b"])

  /// Gives every row the same prediction; fails after `batches` micro-batches.
  private static func work(failingAfter batches: Int = .max) -> Scorer.WorkerBody {
    { queue, _ in
      var done = 0
      while case .element(let batch) = queue.next() {
        guard done < batches else { throw Broken() }
        done += 1
        let prediction = PredictionRecord(
          label: "a", confidence: 0.75, probabilities: [("a", 0.75), ("b", 0.25)], textImageSimilarity: nil,
          unknownShare: 0, truncated: 0, vectors: [])
        batch.chunk.settle(
          batch.rows.map { place, row in
            (place, LedgerRow(position: row.position, outcome: .post(row.record, prediction)))
          })
      }
    }
  }

  private static func score(
    _ corpus: String, _ path: String, work: @escaping Scorer.WorkerBody
  ) throws -> (outcome: Result<ScoringOutcome, any Error>, run: RunSummary) {
    let store = try StoreWriter.open(path: path)
    let run = try store.openRun(
      RunRequest(
        name: "rows", nameIsGiven: false, scorer: model, corpus: "rows.csv", version: "0", machine: "{}",
        startedAt: "2026-01-31T12:00:00Z"))
    let scorer = Scorer(
      work: work, labelNames: model.labels,
      folders: try PictureFolders(images: nil, paths: [corpus], names: ["rows.csv"], limits: PictureLimits()),
      store: store, options: ScoringOptions(threads: 2, spaces: []))
    let outcome = Result {
      try scorer.score(try CorpusReader(paths: [corpus], options: CorpusOptions()), into: run) { _ in }
    }
    try store.close()
    return (outcome, try StoreReader(path: path).run(named: run.name.text))
  }

  @Test(arguments: [0, 3])
  func aWorkerThatFailsFailsTheRunOnly(after batches: Int) throws {
    let scratch = try Scratch()
    let rows = (1...1000).map { "\($0),text \($0)\n" }.joined()
    let corpus = try scratch.write("rows.csv", "id,text\n" + rows), path = scratch.file("rows.sqlite")

    let failed = try Self.score(corpus, path, work: Self.work(failingAfter: batches))
    #expect(throws: Broken.self) { try failed.outcome.get() }
    #expect(failed.run.state == RunState.failed.rawValue)
    #expect(failed.run.isBalanced)
    #expect(failed.run.finishedAt == nil)
    #expect(failed.run.entries < 1000)
    #expect(try scratch.names() == ["rows.csv", "rows.sqlite"])

    let resumed = try Self.score(corpus, path, work: Self.work())
    let outcome = try resumed.outcome.get()
    #expect(outcome.end == .finished)
    #expect(outcome.turn.rows == 1000 - failed.run.entries)
    #expect(outcome.totals.rows == 1000)
    #expect(resumed.run.state == RunState.finished.rawValue)
    #expect(resumed.run.entries == 1000)
    #expect(resumed.run.isBalanced)
  }
}
