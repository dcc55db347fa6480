import Bytes
import Preparation
import Corpus
import Foundation
import Inputs
import Scoring
import Store
import Synchronization
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
    #expect(progress.remaining == nil, "nothing is committed")
    progress.scored = 1
    (progress.share, progress.seconds, progress.firstShare, progress.firstSeconds) = (0.91, 12, 0.90, 2)
    #expect(progress.remaining.map { abs($0 - 90) < 1e-6 } == true)
  }

  private static func run(_ scratch: borrowing Scratch) throws -> (StoreWriter, OpenRun) {
    let store = try StoreWriter.open(path: scratch.file("rows.sqlite"))
    let run = try store.openRun(
      RunRequest(
        name: "rows", nameIsGiven: false, scorer: model, corpus: "rows.csv", version: "0", machine: "{}",
        startedAt: "2026-01-31T12:00:00Z"))
    return (store, run)
  }

  /// Commits marks at given seconds: an estimate from the first one on, from what is committed, and never 0 before the
  /// end.
  @Test func theTimeLeftIsThatOfTheCommittedRows() throws {
    let scratch = try Scratch(), (store, run) = try Self.run(scratch)
    let clock = Mutex(Duration.zero), begin = ContinuousClock.now
    var tracker = RunProgressTracker(
      run: run, totals: RunTotals(), labelNames: Self.model.labels, options: ScoringOptions(threads: 1, spaces: []),
      now: { begin + clock.withLock(\.self) })
    func wait(until seconds: Int) { clock.withLock { $0 = .seconds(seconds) } }
    func commit(_ rows: Int, share: Double, at seconds: Int) {
      wait(until: seconds)
      var summary = CommitSummary()
      summary.scored = rows
      let entry = LedgerRow(
        position: RowPosition(file: "rows.csv", record: rows, line: rows + 1),
        outcome: .fault(
          RowFault(
            position: RowPosition(file: "rows.csv", record: rows, line: rows + 1), key: nil, stage: .corpus,
            code: .emptyPost, detail: "")))
      _ = tracker.add([entry], summary, ReadProgress(counts: RunCounts(), share: share, start: 0.2, notices: []))
    }
    wait(until: 5)
    #expect(tracker.tick().remaining == nil)
    // A tenth of the corpus took ten seconds, so the other seven take seventy.
    commit(4, share: 0.3, at: 10)
    #expect(try abs(#require(tracker.tick().remaining) - 70) < 1e-6)
    // The first rows were slow: two tenths took four seconds since.
    commit(80, share: 0.5, at: 14)
    #expect(try abs(#require(tracker.tick().remaining) - 10) < 1e-6)
    // Nothing new is committed, so nothing brings the end nearer.
    wait(until: 20)
    #expect(try #require(tracker.tick().timeLeft) > 10)
    commit(325, share: 1, at: 30)
    #expect(tracker.tick().remaining == 0 && tracker.tick().timeLeft == 1)
    try store.close()
  }

  /// A list in one line is read ahead, and its share is still that of the committed rows.
  @Test func theShareOfAListIsThatOfItsRows() throws {
    let scratch = try Scratch(), (store, run) = try Self.run(scratch)
    let rows = (1...1000).map { #"{"id":"\#(10_000 + $0)","text":"a"}"# }
    let text = "[" + rows.joined(separator: ",") + "]"
    let corpus = try scratch.write("rows.json", text)
    var options = ScoringOptions(threads: 1, spaces: [])
    options.chunkRows = 50
    let scorer = Scorer(
      work: Self.work, labelNames: Self.model.labels,
      folders: try PictureFolders(images: nil, paths: [corpus], names: ["rows.json"], limits: PictureLimits()),
      store: store, options: options)
    var reported: [(rows: Int, share: Double)] = []
    _ = try scorer.score(try CorpusReader(paths: [corpus], options: CorpusOptions()), into: run) { event in
      if case .progress(let progress) = event, let share = progress.share { reported.append((progress.rows, share)) }
    }
    try store.close()
    #expect(reported.count > 10)
    for (count, share) in reported where count < rows.count {
      #expect(abs(share - Double(count) / Double(rows.count)) < 0.01, "\(share) reported with \(count) rows committed")
    }
  }
}
