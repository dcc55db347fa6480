import Bytes
import Corpus
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct CommitTests {
  let folder: Scratch
  let path: String
  let writer: StoreWriter
  let run: OpenRun

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
    writer = try StoreWriter.open(path: path)
    run = try writer.openRun(Fixtures.request())
  }

  @discardableResult
  private func commit(_ rows: [LedgerRow], read: Int, rescore: Bool = false, at time: String = Fixtures.time)
    throws -> CommitSummary
  {
    try writer.commit(rows, run: run, counts: Fixtures.counts(read), notedAt: time, rescore: rescore)
  }

  private func rows(_ sql: String) throws -> [String] {
    try writer.read {
      try Row.fetchAll($0, sql: sql).map { $0.databaseValues.map(\.description).joined(separator: "|") }
    }
  }

  @Test func everyRowGetsItsState() throws {
    let summary = try commit(
      [
        Fixtures.scored(1), Fixtures.textOnly(2), Fixtures.fault(3), Fixtures.scored(4, key: "k1"),
        Fixtures.scored(5, key: "k1", content: "other"),
      ], read: 5)
    var expected = CommitSummary()
    expected.scored = 2
    expected.withoutPicture = 1
    expected.faulted = 1
    expected.duplicate = 1
    expected.newPosts = 3
    expected.newVersions = 1
    #expect(summary == expected)
    #expect(
      try rows("SELECT record, line, key, state FROM entry") == [
        "1|2|\"k1\"|\"scored\"", "2|3|\"k2\"|\"without_picture\"", "3|4|\"k3\"|\"faulted\"",
        "4|5|\"k1\"|\"duplicate\"", "5|6|\"k1\"|\"scored\"",
      ])
    #expect(
      try rows("SELECT file, line, key, stage, code, path, detail FROM fault") == [
        "\"posts.csv\"|4|\"k3\"|\"image\"|\"missing\"|\"k3.jpg\"|\"no such file\""
      ])
  }

  @Test func numbersAndTextsAreStoredExactly() throws {
    var post = Fixtures.post("e\u{301} \"\\\u{1}\n👩‍👩‍👧", label: "plain")
    post.extra = [ExtraField(name: "a\"b", value: "x\u{7}\t"), ExtraField(name: "Ω", value: "")]
    post.text = " two  blanks "
    let prediction = PredictionRecord(
      label: "plain", confidence: 0.1 + 0.2,
      probabilities: [("a\"\u{2}", .leastNonzeroMagnitude), ("plain", 0.1 + 0.2)],
      textImageSimilarity: -0.0, unknownShare: 1.0 / 3, truncated: 4,
      vectors: [("text", [1, -0.5, .leastNonzeroMagnitude])])
    try commit([LedgerRow(position: Fixtures.position(1), outcome: .post(post, prediction))], read: 1)
    try writer.read { db in
      let row = try #require(try Row.fetchOne(db, sql: "SELECT key, text, extra FROM post"))
      #expect(Array((row["key"] as String).utf8) == Array(post.identity.key.utf8))
      #expect(row["text"] == post.text)
      #expect(row["extra"] == "{\"a\\\"b\":\"x\\u0007\\t\",\"Ω\":\"\"}")
      let made = try #require(
        try Row.fetchOne(
          db,
          sql: """
            SELECT confidence, unknown_share, probabilities, hex(vector) AS vector, probabilities ->> '$.plain' AS p
            FROM prediction JOIN embedding USING (scorer_id, post_id)
            """))
      #expect(made["confidence"] as Double == 0.1 + 0.2)
      #expect(made["p"] as Double == 0.1 + 0.2)
      #expect(made["unknown_share"] as Double == 1.0 / 3)
      #expect(made["probabilities"] == "{\"a\\\"\\u0002\":5e-324,\"plain\":0.30000000000000004}")
      #expect(made["vector"] == "0000803F000000BF01000000")
    }
  }

  @Test func canonicallyEqualKeysAreTwoPosts() throws {
    let summary = try commit(
      [Fixtures.scored(1, key: "\u{E9}", content: "c"), Fixtures.scored(2, key: "e\u{301}", content: "c")],
      read: 2)
    #expect(summary.newPosts == 2)
    #expect(summary.duplicate == 0)
    #expect(summary.newVersions == 0)
  }

  @Test func knownPostsNeedNoPredictionAndUnknownOnesAreRejected() throws {
    try commit([Fixtures.scored(1)], read: 1)
    let known = LedgerRow(position: Fixtures.position(2), outcome: .post(Fixtures.post("k2"), nil))
    #expect(throws: StoreError.notScored(key: "k2")) { try commit([Fixtures.scored(3), known], read: 3) }
    #expect(try rows("SELECT count(*) FROM post") == ["1"])
    let second = try writer.openRun(Fixtures.request("again"))
    let again = LedgerRow(position: Fixtures.position(1), outcome: .post(Fixtures.post("k1"), nil))
    let summary = try writer.commit([again], run: second, counts: Fixtures.counts(1), notedAt: Fixtures.time)
    #expect(summary.known == 1)
    #expect(summary.scored == 1)
    #expect(summary.newPosts == 0)
    #expect(
      try rows("SELECT run_id, post_id, state FROM entry ORDER BY run_id") == [
        "1|1|\"scored\"", "2|1|\"scored\"",
      ])
  }

  @Test func aRetriedRecordReplacesItsFault() throws {
    try commit([Fixtures.fault(1), Fixtures.scored(2), Fixtures.fault(3)], read: 3)
    #expect(try writer.faultedRecords(run: run.id, file: "posts.csv") == [1, 3])
    let summary = try commit([Fixtures.scored(1), Fixtures.fault(3)], read: 3)
    #expect(summary.scored == 1)
    #expect(summary.faulted == -1)
    #expect(try writer.faultedRecords(run: run.id, file: "posts.csv") == [3])
    #expect(try rows("SELECT line FROM fault") == ["4"])
    #expect(try writer.ledgerEntries(run: run.id, file: "posts.csv", after: 0, count: 9).map(\.record) == [1, 2, 3])
  }

  @Test func theFirstOfTwoEqualRowsCountsEvenIfItComesLater() throws {
    try commit(
      [Fixtures.fault(1), Fixtures.scored(2, key: "twin"), Fixtures.scored(3, key: "twin")], read: 3)
    let summary = try commit([Fixtures.scored(1, key: "twin")], read: 3)
    #expect(summary.scored == 0)
    #expect(summary.duplicate == 1)
    #expect(summary.faulted == -1)
    #expect(
      try rows("SELECT state FROM entry ORDER BY record") == ["\"scored\"", "\"duplicate\"", "\"duplicate\""])
  }

  @Test func theOrderOfTheFilesDecidesBetweenEqualRows() throws {
    let counts = RunCounts(files: [FileCounts(name: "b.csv", read: 1), FileCounts(name: "a.csv", read: 1)])
    let row = { (file: String) in
      LedgerRow(
        position: Fixtures.position(1, file: file),
        outcome: .post(Fixtures.post("twin"), Fixtures.prediction(1)))
    }
    try writer.commit([row("b.csv"), row("a.csv")], run: run, counts: counts, notedAt: Fixtures.time)
    #expect(
      try rows("SELECT file, state FROM entry ORDER BY file") == [
        "\"a.csv\"|\"duplicate\"", "\"b.csv\"|\"scored\"",
      ])
  }

  @Test func aRecordIsEnteredOnce() throws {
    try commit([Fixtures.scored(1)], read: 1)
    let taken = StoreError.recordTaken(run: "posts", file: "posts.csv", record: 1)
    #expect(throws: taken) { try commit([Fixtures.scored(1)], read: 1) }
    let twice = StoreError.recordTaken(run: "posts", file: "posts.csv", record: 2)
    #expect(throws: twice) { try commit([Fixtures.scored(2), Fixtures.fault(2)], read: 2) }
    #expect(try rows("SELECT record FROM entry") == ["1"])
  }

  @Test func aLabelThatArrivesLaterIsAdded() throws {
    try commit([Fixtures.scored(1)], read: 1)
    #expect(try rows("SELECT * FROM label").isEmpty)
    try commit([Fixtures.scored(2, key: "k1", label: "plain")], read: 2)
    try commit([Fixtures.scored(3, key: "k1", label: "plain")], read: 3, at: "2027-01-01T00:00:00Z")
    #expect(
      try rows("SELECT post_id, source, label, noted_at FROM label") == [
        "1|\"corpus\"|\"plain\"|\"\(Fixtures.time)\""
      ])
    try commit([Fixtures.scored(4, key: "k1", label: "ironic")], read: 4, at: "2027-01-01T00:00:00Z")
    try commit([Fixtures.scored(5, key: "k1")], read: 5)
    #expect(try rows("SELECT label, noted_at FROM label") == ["\"ironic\"|\"2027-01-01T00:00:00Z\""])
    #expect(try rows("SELECT truth, correct FROM scored") == ["\"ironic\"|0"])
    #expect(try rows("SELECT * FROM confusion") == ["\"ironic\"|\"plain\"|1"])
  }

  @Test func aPredictionStaysUnlessItIsRescored() throws {
    try commit([Fixtures.scored(1)], read: 1)
    let before = try Fixtures.dump(path)
    let other = LedgerRow(
      position: Fixtures.position(2), outcome: .post(Fixtures.post("k1"), Fixtures.prediction(500)))
    try commit([other], read: 2)
    let kept = try Fixtures.dump(path)
    #expect(
      kept.filter { $0.contains("prediction") || $0.contains("embedding") }
        == before.filter { $0.contains("prediction") || $0.contains("embedding") })
    let again = LedgerRow(
      position: Fixtures.position(3), outcome: .post(Fixtures.post("k1"), Fixtures.prediction(500)))
    try commit([again], read: 3, rescore: true)
    let confidence = Fixtures.prediction(500).confidence
    #expect(try rows("SELECT confidence FROM prediction") == ["\(confidence)"])
    let first = try writer.read {
      try Data.fetchOne($0, sql: "SELECT vector FROM embedding WHERE space = 'text'")
    }
    #expect(first == (0..<4).map { Float(500 * 31 + $0) / 7 }.withUnsafeBytes { Data($0) })
  }

  @Test func numbersThatAreNotFiniteAreRejected() throws {
    for (value, vector) in [(Double.nan, Float(0)), (.infinity, 0), (0.5, .nan), (0.5, -.infinity)] {
      var prediction = Fixtures.prediction(1)
      prediction.confidence = value
      prediction.vectors = [("text", [0, vector])]
      let row = LedgerRow(position: Fixtures.position(1), outcome: .post(Fixtures.post("k1"), prediction))
      #expect(throws: StoreError.notFinite(key: "k1")) { try commit([row], read: 1) }
    }
    #expect(try rows("SELECT * FROM post").isEmpty)
  }

  @Test func knownPostsHaveAPredictionAndEveryRequestedVector() throws {
    try commit([Fixtures.scored(1), Fixtures.textOnly(2)], read: 2)
    let bare = LedgerRow(
      position: Fixtures.position(3), outcome: .post(Fixtures.post("k3"), Fixtures.prediction(3, spaces: [])))
    try commit([bare], read: 3)
    let posts = [
      Fixtures.post("k1"), Fixtures.post("k2", hasPicture: false), Fixtures.post("k3"), Fixtures.post("k4"),
    ]
    .map(\.identity)
    let known = { try writer.known(scorer: $0, spaces: $1, identities: posts) }
    #expect(try known(run.scorerID, []) == [true, true, true, false])
    #expect(try known(run.scorerID, ["text", "image", "fused"]) == [true, true, false, false])
    // Of a stream of features that a post has nothing in, no vector is asked.
    #expect(try known(run.scorerID, ["audio"]) == [true, true, true, false])
    #expect(try known(run.scorerID + 1, []) == [false, false, false, false])
    let version = PostIdentity(key: "k1", contentHash: "hash of another")
    #expect(try writer.known(scorer: run.scorerID, spaces: [], identities: [version]) == [false])
  }

  @Test func missingVectorsCanBeAddedLater() throws {
    let bare = LedgerRow(
      position: Fixtures.position(1), outcome: .post(Fixtures.post("k1"), Fixtures.prediction(1, spaces: [])))
    try commit([bare], read: 1)
    try commit([Fixtures.scored(2, key: "k1")], read: 2)
    #expect(
      try writer.known(
        scorer: run.scorerID, spaces: ["text", "image"], identities: [Fixtures.post("k1").identity]) == [true]
    )
  }

  @Test func theSameRowsInAnyBatchesAreTheSameStore() throws {
    let rows = (1...300).map { record in
      record % 7 == 0
        ? Fixtures.fault(record) : Fixtures.scored(record, key: "k\(record % 100)", label: "plain")
    }
    let all = folder.file("all.sqlite")
    try Fixtures.store(all, rows: rows, counts: Fixtures.counts(300))
    var start = 0
    for size in [1, 2, 50, 99, 148] {
      try commit(Array(rows[start..<start + size]), read: start + size)
      start += size
    }
    try writer.finishRun(run, state: .finished, counts: Fixtures.counts(300), finishedAt: Fixtures.time)
    #expect(try Fixtures.dump(path) == Fixtures.dump(all))
  }
}
