import Foundation
import Store
import Testing

/// One post of a run, read back with its prediction.
@Suite struct ScoredPostTests {
  let folder: Folder
  let path: String

  init() throws {
    folder = try Folder()
    path = folder.file("posts.sqlite")
  }

  private func post(_ key: String, run: String? = nil) throws -> ScoredPost {
    let reader = try StoreReader(path: path)
    defer { reader.close() }
    return try reader.scoredPost(key, run: run)
  }

  private func refusal(_ key: String, run: String? = nil) throws -> ScoredPostError {
    try #require(throws: ScoredPostError.self) { _ = try post(key, run: run) }
  }

  @Test func aPostIsWhatWasStored() throws {
    try Fixtures.store(
      path, rows: [Fixtures.scored(1, label: "ironic \"é\""), Fixtures.textOnly(2)], counts: Fixtures.counts(2))
    let first = try post("k1"), prediction = Fixtures.prediction(1)
    #expect(first.key == "k1" && first.run == "posts" && first.images == "pictures")
    #expect(first.file == "posts.csv" && first.line == 2 && first.versions == 1)
    #expect(first.text == "text k1" && first.knowledge.isEmpty && first.image == "k1.jpg")
    #expect(first.pictureHash == "picture of k1" && first.thumbnail == nil && first.truth == "ironic \"é\"")
    #expect(first.scorer.modelName == "small" && first.scorer.fingerprint == "f00d" && first.scorer.precision == "f32")
    #expect(first.scorer.decoding == nil && first.scoredAt == Fixtures.time)
    #expect(first.label == "plain" && first.confidence == prediction.confidence)
    #expect(first.probabilities.map(\.label) == ["ironic \"é\"", "plain"])
    #expect(first.probabilities.map(\.value) == [1 - prediction.confidence, prediction.confidence])
    #expect(first.textImageSimilarity == prediction.textImageSimilarity)
    #expect(first.unknownShare == 0.25 && first.truncated == 1)
    let second = try post("k2", run: "posts")
    #expect(second.pictureHash == nil && second.textImageSimilarity == nil && second.truth == nil && second.line == 3)
  }

  @Test func ofSeveralPostsOfAKeyItIsTheLast() throws {
    let rows = [
      Fixtures.scored(1, key: "k", content: "old"), Fixtures.scored(2, key: "other"),
      Fixtures.scored(3, key: "k", content: "new"),
    ]
    try Fixtures.store(path, rows: rows, counts: Fixtures.counts(3))
    let found = try post("k")
    #expect(found.text == "text new" && found.versions == 2 && found.line == 4)
  }

  @Test func theThumbnailComesAlong() throws {
    var row = Fixtures.scored(1)
    if case .post(var post, let prediction) = row.outcome {
      post.thumbnail = ThumbnailRecord(width: 96, jpeg: [0xFF, 0xD8, 7])
      row.outcome = .post(post, prediction)
    }
    try Fixtures.store(path, rows: [row], counts: Fixtures.counts(1))
    #expect(try post("k1").thumbnail == [0xFF, 0xD8, 7])
  }

  @Test func aKeyThatIsNotThereIsNamedWithOneNearIt() throws {
    try Fixtures.store(
      path, rows: (1...9).map { Fixtures.scored($0, key: "post-000\($0)") }, counts: Fixtures.counts(9))
    guard case .unknown("pots-0003", "posts", let near) = try refusal("pots-0003") else {
      Issue.record("the key is unknown")
      return
    }
    #expect(near == "post-0003")
    #expect(try refusal("nothing like it") == .unknown(key: "nothing like it", run: "posts", near: nil))
    // Keys are bytes: what is only canonically equal is another key.
    let error = try refusal("post-000\u{31}\u{301}")
    guard case .unknown = error else {
      Issue.record("\(error)")
      return
    }
  }

  @Test func aFaultSaysWhatItIs() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1), Fixtures.fault(2)], counts: Fixtures.counts(2))
    let error = try refusal("k2")
    #expect(error == .faulted(key: "k2", run: "posts", stage: "image", code: "missing", detail: "no such file"))
    #expect("\(error)".contains("image: missing: no such file"))
  }

  @Test func anotherRunThatHasItIsNamed() throws {
    try Fixtures.store(path, rows: [Fixtures.scored(1)], counts: Fixtures.counts(1))
    try Fixtures.store(path, Fixtures.request("later"), rows: [Fixtures.scored(2)], counts: Fixtures.counts(1))
    #expect(try refusal("k1") == .inOtherRuns(key: "k1", run: "later", others: ["posts"]))
    #expect(try post("k1", run: "posts").run == "posts")
    #expect(throws: StoreError.self) { _ = try post("k1", run: "nobody") }
  }
}
