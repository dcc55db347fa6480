import Bytes
import Corpus
import Foundation
import Inputs
import Scoring
import Store
import Testing

@Suite struct ChunkTests {
  private let mark = ReadProgress(counts: RunCounts(), share: nil, notices: [])
  private let prediction = PredictionRecord(
    label: "a", confidence: 0.75, probabilities: [("a", 0.75), ("b", 0.25)], textImageSimilarity: nil,
    unknownShare: 0, truncated: 0, vectors: [])

  private func position(_ record: Int) -> RowPosition {
    RowPosition(file: "posts.csv", record: record, line: record + 1)
  }

  private func record(_ key: String, image: String = "a.jpg") -> PostRecord {
    PostRecord(
      identity: PostIdentity(key: ByteText(key), contentHash: "with-picture"), text: "t", knowledge: "", image: image,
      pictureHash: "p", postedAt: nil, extra: [], label: nil, hasPicture: true)
  }

  private func row(_ record: Int, _ key: String) -> PendingRow {
    PendingRow(position: position(record), record: self.record(key), picture: nil)
  }

  @Test func waitsUntilEveryRowIsSettled() {
    let chunk = Chunk(rowStates: [.pending(row(1, "x")), .pending(row(2, "y"))], mark: mark)
    chunk.settle([(1, LedgerRow(position: position(2), outcome: .post(record("y"), prediction)))])
    #expect(chunk.rows(within: 0.01) == nil)
    Thread.detachNewThread { [position = position(1), record = record("x"), prediction] in
      chunk.settle([(0, LedgerRow(position: position, outcome: .post(record, prediction)))])
    }
    #expect(chunk.rows(within: 10)?.map(\.position.record) == [1, 2])
  }

  @Test func givesRepeatedContentTheFirstOnesAnswer() throws {
    let chunk = Chunk(rowStates: [.pending(row(1, "x")), .same(as: 0, position(2), record("y"))], mark: mark)
    chunk.settle([(0, LedgerRow(position: position(1), outcome: .post(record("x"), prediction)))])
    let rows = try #require(chunk.rows(within: 10))
    guard case .post(let post, let copy?) = rows[1].outcome else {
      Issue.record("the second row is a post with a prediction")
      return
    }
    #expect(post.identity.key == "y")
    #expect(copy.confidence == 0.75)
  }

  @Test func givesRepeatedContentTheFirstOnesFault() throws {
    let chunk = Chunk(
      rowStates: [.pending(row(1, "x")), .same(as: 0, position(2), record("y", image: "b.jpg"))], mark: mark)
    let fault = RowFault(
      position: position(1), key: "x", stage: .image, code: .corrupt, path: "a.jpg", detail: "damaged")
    chunk.settle([(0, LedgerRow(position: position(1), outcome: .fault(fault)))])
    guard case .fault(let copy) = try #require(chunk.rows(within: 10))[1].outcome else {
      Issue.record("the second row is a fault")
      return
    }
    #expect(copy.position == position(2))
    #expect(copy.key == "y")
    #expect(copy.code == .corrupt)
    #expect(copy.path == "b.jpg")
  }

  @Test func knowsWhichRowsRepeatOthers() {
    let chunk = Chunk(
      rowStates: [
        .pending(row(1, "x")), .same(as: 0, position(2), record("y")), .pending(row(3, "z")),
        .same(as: 2, position(4), record("w")),
      ], mark: mark)
    #expect(
      chunk.identities(following: 0, contentHash: "text-only") == [PostIdentity(key: "y", contentHash: "text-only")])
    #expect(chunk.identities(following: 1, contentHash: "text-only").isEmpty)
  }

  @Test func repeatedContentLosesItsPictureWithTheFirstOne() throws {
    let chunk = Chunk(rowStates: [.pending(row(1, "x")), .same(as: 0, position(2), record("y"))], mark: mark)
    var first = row(1, "x")
    first.dropPicture()
    chunk.settle([(0, LedgerRow(position: position(1), outcome: .post(first.record, prediction)))])
    guard case .post(let post, _) = try #require(chunk.rows(within: 10))[1].outcome else {
      Issue.record("the second row is a post")
      return
    }
    #expect(!post.hasPicture)
    #expect(post.pictureHash == nil)
    #expect(post.identity == PostIdentity(key: "y", contentHash: first.record.identity.contentHash))
  }
}
