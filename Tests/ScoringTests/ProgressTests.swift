import Bytes
import Preparation
import Corpus
import Foundation
import Inputs
import Scoring
import Store
import TestSupport
import Testing

/// The reported share of a corpus is a share that is committed.
@Suite struct ProgressTests {
  private static let model = ScorerRecord(
    modelFingerprint: "f00d", modelName: "small", precision: "f32", options: "{}", labels: ["a", "b"])

  /// Gives every row the same prediction.
  private static let work: Scorer.WorkerBody = { queue, _ in
    while case .element(let batch) = queue.next() {
      let prediction = PredictionRecord(
        label: "a", confidence: 0.75, probabilities: [("a", 0.75), ("b", 0.25)], textImageSimilarity: nil,
        unknownShare: 0, truncated: 0, vectors: [])
      batch.chunk.settle(
        batch.rows.map { place, row in
          (place, LedgerRow(position: row.position, outcome: .post(row.record, prediction)))
        })
    }
  }

  @Test func theShareNeverExceedsTheCommittedRows() throws {
    let scratch = try Scratch()
    // All rows are in the first piece that is read of the file, and take many commits.
    let header = "id,text\n"
    let rows = (1...1000).map { "\(10_000 + $0),text\n" }
    let text = header + rows.joined()
    let corpus = try scratch.write("rows.csv", text)
    let store = try StoreWriter.open(path: scratch.file("rows.sqlite"))
    let run = try store.openRun(
      RunRequest(
        name: "rows", nameIsGiven: false, scorer: Self.model, corpus: "rows.csv", version: "0", machine: "{}",
        startedAt: "2026-01-31T12:00:00Z"))
    let scorer = Scorer(
      work: Self.work, labelNames: Self.model.labels,
      folders: try PictureFolders(images: nil, paths: [corpus], names: ["rows.csv"], limits: PictureLimits()),
      store: store, options: ScoringOptions(threads: 1, spaces: []))
    var reported: [(rows: Int, share: Double)] = []
    _ = try scorer.score(try CorpusReader(paths: [corpus], options: CorpusOptions()), into: run) { event in
      guard case .progress(let progress) = event, let share = progress.share else { return }
      reported.append((progress.rows, share))
    }
    try store.close()
    #expect(reported.count > 3)
    for (rows, share) in reported {
      let committed = Double(header.utf8.count + rows * 11) / Double(text.utf8.count)
      #expect(share <= committed + 1e-9, "\(share) reported with \(rows) rows committed")
    }
    #expect(reported.last?.share == 1)
  }

  @Test func rowsOfEarlierTurnsDoNotShortenTheTimeLeft() {
    // 90 % were there; 1 % took ten seconds, so the other 9 % take ninety.
    var progress = ScoringProgress()
    (progress.share, progress.seconds, progress.firstShare, progress.firstSeconds) = (0.91, 12, 0.90, 2)
    #expect(progress.remaining.map { abs($0 - 90) < 1e-6 } == true)
    (progress.firstShare, progress.firstSeconds) = (0.91, 12)
    #expect(progress.remaining == nil)
  }
}
