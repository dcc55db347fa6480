import Bytes
import Foundation
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

/// One post of a run, read back with its prediction.
@Suite struct ScoredPostTests {
  private let store: TestStore

  init() throws { store = try TestStore() }

  private func fill(_ rows: [TestRow], run: Int = 1, name: String = "posts", firstPost: Int = 1) throws {
    try store.write { database in
      if run == 1 { try database.insertScorer(labels: ["ironic \"é\"", "plain"]) }
      try database.insertRun(id: run, name: name, files: ["posts.csv": rows.count])
      try database.insert(rows, run: run, firstPost: firstPost)
    }
  }

  private func post(_ key: String, run: String? = nil) throws -> ScoredPost {
    let reader = try store.reader()
    defer { reader.close() }
    return try reader.scoredPost(key, run: run)
  }

  private func refusal(_ key: String, run: String? = nil) throws -> ScoredPostError {
    try #require(throws: ScoredPostError.self) { _ = try post(key, run: run) }
  }

  @Test func aPostHasTheStoredValues() throws {
    try fill([
      TestRow(
        key: "k1", text: "text k1", image: "k1.jpg", truth: "ironic \"é\"", predicted: "plain", confidence: 0.75,
        similarity: 0.5, probabilities: #"{"ironic \"é\"":0.25,"plain":0.75}"#, extra: #"{"lang":"de"}"#),
      TestRow(key: "k2", image: nil, state: "without_picture"),
    ])
    try store.write {
      try $0.execute(sql: "UPDATE prediction SET unknown_share = 0.25, truncated = 1 WHERE post_id = 1")
    }
    let first = try post("k1")
    #expect(first.key == "k1" && first.run == "posts" && first.images == "images")
    #expect(first.file == "posts.csv" && first.line == 2 && first.versions == 1)
    #expect(first.text == "text k1" && first.knowledge.isEmpty && first.image == "k1.jpg")
    #expect(first.pictureHash == hash("k1.jpgk1") && first.thumbnail == nil && first.truth == "ironic \"é\"")
    #expect(first.scorer.modelName == "a model" && first.scorer.precision == "f32" && first.scorer.decoding == nil)
    #expect(first.scorer.fingerprint == String(repeating: "ab", count: 32) + "1")
    #expect(first.scoredAt == "2026-01-31T12:00:00Z" && first.features.isEmpty)
    #expect(first.extra.map(\.name) == ["lang"] && first.extra.map(\.value) == ["de"])
    #expect(first.label == "plain" && first.confidence == 0.75)
    #expect(first.probabilities.map(\.label) == ["ironic \"é\"", "plain"])
    #expect(first.probabilities.map(\.value) == [0.25, 0.75])
    #expect(first.textImageSimilarity == 0.5 && first.unknownShare == 0.25 && first.truncated == 1)
    let second = try post("k2", run: "posts")
    #expect(second.pictureHash == nil && second.textImageSimilarity == nil && second.truth == nil && second.line == 3)
  }

  @Test func theLastOfSeveralPostsWithAKeyIsRead() throws {
    try fill([TestRow(key: "k", text: "old"), TestRow(key: "other"), TestRow(key: "k", text: "new")])
    let found = try post("k")
    #expect(found.text == "new" && found.versions == 2 && found.line == 4)
  }

  @Test func theThumbnailAndTheFeaturesAreRead() throws {
    try fill([TestRow(key: "k1")])
    try store.write { database in
      try database.execute(sql: "INSERT INTO thumbnail VALUES (1, 96, x'FFD807')")
      try database.execute(sql: "INSERT INTO feature VALUES (1, 'video', 'b'), (1, 'audio', 'a')")
    }
    let found = try post("k1")
    #expect(found.thumbnail == [0xFF, 0xD8, 7])
    #expect(found.features.map(\.stream) == ["audio", "video"] && found.features.map(\.hash) == ["a", "b"])
  }

  @Test func theLatestLabelIsTheTruth() throws {
    try fill([TestRow(key: "k1", truth: "plain")])
    try store.write {
      try $0.execute(
        sql: """
          INSERT INTO label VALUES (1, 'b', 'second', '2026-02-01T00:00:00Z'), (1, 'a', 'first', '2026-02-01T00:00:00Z'),
            (1, 'c', 'early', '2025-01-01T00:00:00Z')
          """)
    }
    #expect(try post("k1").truth == "first")
  }

  @Test func labelsAndColumnsAreTheirBytes() throws {
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    try fill([
      TestRow(
        key: "k1", truth: one.text, predicted: two.text, probabilities: #"{"\#(one)":0.25,"\#(two)":0.75}"#,
        extra: #"{"\#(one)":"x","\#(two)":"y"}"#)
    ])
    let found = try post("k1")
    #expect(found.truth == one && found.label == two && found.truth != found.label)
    #expect(found.probabilities.map(\.label) == [one, two] && found.extra.map(\.name) == [one, two])
  }

  @Test func aShownPostIsFoundByItsKey() throws {
    try fill([TestRow(key: "k1", truth: "ironic \"é\"", predicted: "plain")])
    let reader = try store.reader()
    var limits = ReportLimits()
    limits.notable = 1
    var shown = try #require(try ReportData.load(from: reader, limits: limits).shown.notable.first?.post)
    #expect(try reader.scoredPost(shown, run: "posts")?.key == "k1")
    shown.key = "k2"
    #expect(try reader.scoredPost(shown, run: "posts") == nil)
    #expect(throws: StoreError.self) { try reader.scoredPost(shown, run: "nobody") }
  }

  @Test func anUnknownKeyIsNamedWithASimilarOne() throws {
    try fill((1...9).map { TestRow(key: "post-000\($0)") })
    #expect(try refusal("pots-0003") == .unknown(key: "pots-0003", run: "posts", near: "post-0003"))
    #expect(try refusal("nothing like it") == .unknown(key: "nothing like it", run: "posts", near: nil))
    // Keys are bytes: a canonically equal key is a different key.
    let error = try refusal("post-000\u{31}\u{301}")
    guard case .unknown = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func aFaultIsDescribed() throws {
    try fill([TestRow(key: "k1"), TestRow(key: "k2", text: "no such file", fault: "missing")])
    let error = try refusal("k2")
    #expect(error == .faulted(key: "k2", run: "posts", stage: "image", code: "missing", detail: "no such file"))
    #expect("\(error)".contains("image: missing: no such file"))
  }

  @Test func anotherRunThatHasItIsNamed() throws {
    try fill([TestRow(key: "k1")])
    try fill([TestRow(key: "k2")], run: 2, name: "later", firstPost: 2)
    #expect(try refusal("k1") == .inOtherRuns(key: "k1", run: "later", others: ["posts"]))
    #expect(try post("k1", run: "posts").run == "posts")
    #expect(throws: StoreError.self) { _ = try post("k1", run: "nobody") }
  }

  @Test func aStoreWithoutRunsSaysSo() throws {
    let path = try store.reader().path
    #expect(throws: StoreError.noRuns(path: path)) { _ = try post("k1") }
  }
}
