import Bytes
import Corpus
import Foundation
import GRDB
import Queries
import Store
import TestSupport
import Testing

@Suite struct ImportTests {
  private func request(
    _ run: String = "theirs", fingerprint: String = "import:1", labels: [ByteText] = ["a", "b"], isHard: Bool = false,
    rows: Int
  ) -> ImportRequest {
    ImportRequest(
      run: run, system: "another", fingerprint: fingerprint, labels: labels, isHard: isHard, file: "theirs.csv",
      rows: rows, version: "0.1.0", startedAt: Fixtures.time)
  }

  private func row(_ record: Int, _ key: String, _ label: ByteText = "a", hard: Bool = false) -> PredictionFile.Row {
    .prediction(
      ImportedPrediction(
        position: RowPosition(file: "theirs.csv", record: record, line: record + 1), key: ByteText(key), label: label,
        confidence: 0.75, probabilities: hard ? [] : [0.75, 0.25]))
  }

  /// A store with posts k1 (two contents, the second without picture), k2 with a picture.
  private func store(_ folder: Scratch) throws -> StoreWriter {
    let store = try StoreWriter.open(path: folder.file("s.sqlite"))
    let run = try store.openRun(Fixtures.request())
    let rows = [
      Fixtures.scored(1), Fixtures.scored(2),
      LedgerRow(
        position: Fixtures.position(3),
        outcome: .post(Fixtures.post("k1", content: "new", hasPicture: false), Fixtures.prediction(3, spaces: []))),
    ]
    try store.commit(
      rows, run: run, counts: RunCounts(files: [FileCounts(name: "posts.csv", read: 3)]), notedAt: Fixtures.time)
    return store
  }

  private func take(
    _ store: StoreWriter, _ request: ImportRequest, _ rows: [PredictionFile.Row], failing: (any Error)? = nil
  ) throws -> (ImportSummary, [String]) {
    var left = rows[...], faults: [String] = []
    let summary = try store.importPredictions(request) {
      if left.isEmpty, let failing { throw failing }
      return left.popFirst()
    } onFault: {
      faults.append("\($0.position.line) \($0.code.rawValue)")
    }
    return (summary, faults)
  }

  @Test func rowsFindTheirPostsAndTheLedgerAddsUp() throws {
    let folder = try Scratch(), store = try store(folder)
    let broken = RowFault(
      position: RowPosition(file: "theirs.csv", record: 5, line: 6), key: nil, stage: .corpus, code: .tooFewFields,
      detail: "few")
    let rows = [row(1, "k1"), row(2, "k2", "b"), row(3, "K2"), row(4, "k1"), .fault(broken)]
    let (summary, faults) = try take(store, request(rows: 5), rows)
    #expect(
      summary
        == {
          var expected = ImportSummary()
          (expected.scored, expected.withoutPicture, expected.faulted, expected.severalVersions) = (1, 1, 3, 1)
          return expected
        }())
    #expect(faults == ["4 no_post", "5 repeated_key", "6 too_few_fields"])
    try store.close()
    let reader = try StoreReader(path: folder.file("s.sqlite"))
    let run = try reader.run(named: "theirs")
    #expect(run.isBalanced && run.entries == 5 && run.state == "finished" && run.precision == "foreign")
    let found = try reader.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT post.key, content_hash, p.label, confidence, probabilities FROM prediction AS p
          JOIN scorer ON scorer.id = scorer_id AND model_name = 'another' JOIN post ON post.id = post_id ORDER BY key
          """
      ).map { "\($0[0] as String) \($0[1] as String) \($0[2] as String) \($0[3] as Double) \($0[4] as String)" }
    }
    #expect(
      found == [
        #"k1 hash of new a 0.75 {"a":0.75,"b":0.25}"#, #"k2 hash of k2 b 0.75 {"a":0.75,"b":0.25}"#,
      ])
  }

  @Test func importingAgainChangesNothingAndOtherPredictionsAreRejected() throws {
    let folder = try Scratch(), store = try store(folder)
    _ = try take(store, request(rows: 1), [row(1, "k2")])
    let before = try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM entry") }
    let (again, _) = try take(store, request(rows: 1), [row(1, "k2")])
    #expect(again.alreadyImported)
    #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM entry") } == before)
    #expect(throws: StoreError.importDiffers(name: "theirs")) {
      _ = try take(store, request(fingerprint: "import:2", rows: 1), [row(1, "k2", "b")])
    }
    #expect(throws: StoreError.importDiffers(name: "posts")) { _ = try take(store, request("posts", rows: 1), []) }
    #expect(throws: StoreError.invalidRunName(name: "")) { _ = try take(store, request("", rows: 1), []) }
  }

  @Test func aFailedImportLeavesNothing() throws {
    struct Failure: Error {}
    let folder = try Scratch(), store = try store(folder)
    func counts() throws -> [Int] {
      try ["run", "entry", "scorer", "prediction", "fault"].map { table in
        try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
      }
    }
    let before = try counts()
    #expect(throws: Failure.self) { _ = try take(store, request(rows: 2), [row(1, "k2")], failing: Failure()) }
    #expect(throws: StoreError.noneImported(file: "theirs.csv", rows: 1, key: "x")) {
      _ = try take(store, request(rows: 1), [row(1, "x")])
    }
    #expect(try counts() == before)
  }

  @Test func labelsAloneTakeTheOrderOfAScorerThatKnowsThem() throws {
    let folder = try Scratch(), store = try store(folder)
    let known = request(fingerprint: "import:1", labels: ["plain"], isHard: true, rows: 1)
    _ = try take(store, known, [row(1, "k2", "plain", hard: true)])
    let other = request("more", fingerprint: "import:2", labels: ["new", "plain"], isHard: true, rows: 1)
    _ = try take(store, other, [row(1, "k2", "new", hard: true)])
    let scorers = try store.read { db in
      try Row.fetchAll(db, sql: "SELECT labels, options FROM scorer WHERE precision = 'foreign' ORDER BY id").map {
        "\($0[0] as String) \($0[1] as String)"
      }
    }
    #expect(scorers == [#"["ironic \"é\"","plain"] {"hard":true}"#, #"["new","plain"] {"hard":true}"#])
    let stored = try store.read { db in
      try String.fetchAll(db, sql: "SELECT probabilities FROM prediction ORDER BY scorer_id DESC LIMIT 1")
    }
    #expect(stored == [#"{"new":1.0}"#])
  }

  /// Earlier versions stored 1 for the label of a row with a confidence and no probabilities; now there are none.
  @Test func anOldAndANewImportOfOneFileAreEqual() throws {
    let folder = try Scratch(), store = try store(folder)
    let sure = PredictionFile.Row.prediction(
      ImportedPrediction(
        position: RowPosition(file: "theirs.csv", record: 1, line: 2), key: "k2", label: "a", confidence: 0.75,
        probabilities: [], isSure: true))
    _ = try take(store, request(isHard: true, rows: 1), [sure])
    try store.close()
    let (new, old) = (folder.file("s.sqlite"), folder.file("old.sqlite"))
    try FileManager.default.copyItem(atPath: new, toPath: old)
    func change(_ sql: String) throws {
      let queue = try DatabaseQueue(path: old)
      try queue.write { try $0.execute(sql: sql) }
      try queue.close()
    }
    let mine = "scorer_id = (SELECT id FROM scorer WHERE precision = 'foreign')"
    try change("UPDATE prediction SET probabilities = '{\"a\":1.0}' WHERE \(mine); UPDATE run SET checksum = NULL")
    _ = try StoreMerge.stores([new, old], into: folder.file("both.sqlite"))
    _ = try StoreMerge.stores([old, new], into: folder.file("other-order.sqlite"))
    // Another confidence is another prediction.
    try change("UPDATE prediction SET confidence = 0.5 WHERE \(mine)")
    #expect(throws: StoreError.self) { try StoreMerge.stores([new, old], into: folder.file("neither.sqlite")) }
  }

  /// The view `scored` and the named queries treat a label without probabilities in the same way.
  @Test func viewsAndQueriesTreatALabelAloneInTheSameWay() throws {
    let folder = try Scratch(), store = try store(folder)
    let sql = try #require(
      try store.read { try String.fetchOne($0, sql: "SELECT sql FROM sqlite_schema WHERE name = 'scored'") })
    #expect(sql.components(separatedBy: SQLFragments.isAlone("prediction")).count == 3)
  }

  @Test func keysWithManyVersionsAreLookedUpInTheIndexAndOnce() throws {
    // SQLite asks whether to stop every few thousand steps: that counts them.
    func asked(_ count: Int) throws -> Int {
      let folder = try Scratch(), path = folder.file("s.sqlite")
      try Fixtures.store(
        path, rows: (1...count).map { Fixtures.scored($0, key: "k", content: "\($0)") }, counts: Fixtures.counts(count))
      let steps = Steps()
      let store = try StoreWriter.open(path: path) { steps.count() }
      let (summary, _) = try take(store, request(rows: count), (1...count).map { row($0, "k") })
      #expect((summary.scored, summary.severalVersions, summary.faulted) == (1, 1, count - 1))
      try store.close()
      return steps.counted
    }
    let (few, many) = try (asked(1_000), asked(8_000))
    #expect(many <= 16 * max(1, few), "\(few) \(many)")
  }

  /// A file of predictions for the posts of `store`.
  private func file(_ folder: Scratch, _ rows: String) throws -> PredictionFile {
    try PredictionFile(
      path: try folder.write("theirs.csv", "id,label,confidence,p_a,p_b\n" + rows), columns: PredictionColumns(),
      options: CorpusOptions())
  }

  private func surveyed(_ folder: Scratch, _ rows: String, shouldStop: Bool = false) throws -> ImportRequest {
    try ImportRequest(
      reading: try file(folder, rows), run: "theirs", system: "another", version: "0.1.0", startedAt: Fixtures.time,
      shouldStop: { shouldStop })
  }

  @Test func aFileIsReadForItsRequest() throws {
    let folder = try Scratch(), request = try surveyed(folder, "k1,a,,0.75,0.25\nk2,b,0.5,,\n")
    #expect(request.labels == ["a", "b"] && request.rows == 2 && !request.isHard)
    #expect(request.rowsWithoutProbabilities == 1 && request.rowsWithConfidence == 1)
    #expect(request.run == "theirs" && request.system == "another" && request.file == "theirs.csv")
    #expect(request.fingerprint == (try surveyed(folder, "k1,a,,0.75,0.25\nk2,b,0.5,,\n")).fingerprint)
    #expect(request.fingerprint != (try surveyed(folder, "k1,a,,0.75,0.25\nk2,a,0.5,,\n")).fingerprint)
    #expect(throws: CancellationError.self) { try surveyed(folder, "k1,a,,0.75,0.25\n", shouldStop: true) }
  }

  @Test func aFileThatChangedMeanwhileIsRejected() throws {
    let folder = try Scratch(), store = try store(folder), rows = "k1,a,,0.75,0.25\nk2,b,,0.25,0.75\n"
    let request = try surveyed(folder, rows)
    #expect(throws: PredictionFileError.changed(file: "theirs.csv")) {
      try store.importPredictions(request, from: try file(folder, "k1,a,,0.75,0.25\n"), path: "theirs.csv") { _ in }
    }
    let summary = try store.importPredictions(request, from: try file(folder, rows), path: "theirs.csv") { _ in }
    #expect(summary.scored + summary.withoutPicture == 2 && summary.faulted == 0 && !summary.alreadyImported)
  }
}

/// Counts calls, and always returns false.
private final class Steps: @unchecked Sendable {
  private(set) var counted = 0

  func count() -> Bool {
    counted += 1
    return false
  }
}
