import Corpus
import Foundation
import GRDB
import Store
import TestSupport
import Testing

/// Changes to a store after its runs ended are found and located.
@Suite struct VerifyTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
    try Fixtures.store(path, rows: Self.rows, counts: Fixtures.counts(Self.rows.count))
  }

  /// 600 posts, the last of them twice, with a true content hash each.
  private static let rows: [LedgerRow] = (1...601).map { record in
    var post = Fixtures.post("k\(min(record, 600))", hasPicture: false)
    post.identity = PostIdentity(
      key: post.identity.key, contentHash: ContentHash.hex(text: post.text, knowledge: "", pictureHash: nil))
    return LedgerRow(position: Fixtures.position(record), outcome: .post(post, Fixtures.prediction(record, spaces: [])))
  }

  private func change(_ sql: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: sql) }
    try queue.close()
  }

  /// The failed checks: `check result detail`.
  private func findings(_ store: String? = nil, run: String? = nil) throws -> [String] {
    try StoreReader(path: store ?? path).verify(run: run).filter { $0.result != .ok && $0.result != .notChecked }
      .map { "\($0.check) \($0.result.rawValue) \($0.detail ?? "")" }
  }

  @Test func anUnchangedStorePasses() throws {
    #expect(try findings().isEmpty)
    #expect(try StoreReader(path: path).verify(run: nil).map(\.check) == Verification.Check.allCases)
    #expect(throws: StoreError.runNotFound(name: "none", known: ["posts"])) { try findings(run: "none") }
  }

  @Test(arguments: [
    (
      "UPDATE prediction SET label = 'ironic \"é\"' WHERE post_id = 300",
      ["checksum changed predictions (records posts.csv 257 to 512)"]
    ),
    (
      "UPDATE prediction SET confidence = confidence + 1e-15 WHERE post_id IN (1, 600)",
      ["checksum changed predictions (records posts.csv 1 to 256; posts.csv 513 to 601)"]
    ),
    (
      "UPDATE entry SET post_id = 2, key = 'k2' WHERE record = 1",
      [
        "checksum changed entries (records posts.csv 1 to 256); predictions (records posts.csv 1 to 256)"
      ]
    ),
    (
      "UPDATE scorer SET labels = '[\"plain\",\"ironic\"]'", ["checksum changed predictions"]
    ),
    (
      "DELETE FROM entry WHERE record = 601",
      [
        "ledger changed 1 record of posts.csv has no entry",
        "checksum changed entries (records posts.csv 513 to 600); predictions (records posts.csv 513 to 600)",
      ]
    ),
    (
      "UPDATE post SET text = 'something else' WHERE id = 5",
      ["contents changed text, knowledge or a file's hash of the posts k5"]
    ),
    (
      "UPDATE run SET checksum = '{}'", ["checksum changed the recorded checksum itself"]
    ),
  ])
  func aChangeIsFoundWhereItIs(sql: String, expected: [String]) throws {
    try change(sql)
    #expect(try findings() == expected)
  }

  @Test func aBitThatFlippedInThePagesIsFound() throws {
    var bytes = try Data(contentsOf: URL(filePath: path))
    let place = try #require(bytes.range(of: Data("text k77".utf8)))
    bytes[place.lowerBound] ^= 1
    try bytes.write(to: URL(filePath: path))
    #expect(try findings() == ["contents changed text, knowledge or a file's hash of the posts k77"])
  }

  @Test func uncheckedPartsAreNamed() throws {
    let rest = try StoreReader(path: path).verify(run: nil).filter { $0.result == .notChecked }
    #expect(rest.map(\.check) == [.others])
    let detail = rest.first?.detail ?? ""
    for name in ["vectors", "thumbnails", "labels", "image", "posted_at", "extra", "search index"] {
      #expect(detail.contains(name), "\(name)")
    }
    #expect(rest.allSatisfy { !$0.isFailure })
  }

  @Test func aTruncatedVectorIsFound() throws {
    let insert = "INSERT INTO embedding SELECT 1, 'text', id, zeroblob(16) FROM post; "
    try change(insert + "UPDATE embedding SET vector = zeroblob(15) WHERE post_id = 7")
    #expect(try findings() == ["vectors damaged the vectors of space \"text\" of scorer 1 have 15 to 16 bytes"])
    try change("UPDATE embedding SET vector = zeroblob(15)")
    #expect(try findings().first?.contains("15 bytes, which is not a whole number") == true)
  }

  @Test func danglingReferencesAreFound() throws {
    let queue = try DatabaseQueue(path: path)
    try queue.writeWithoutTransaction {
      try $0.execute(
        sql: "PRAGMA foreign_keys = OFF; INSERT INTO label VALUES (9999, 'corpus', 'plain', '2026-01-01T00:00:00Z')")
    }
    try queue.close()
    #expect(try findings() == ["references damaged 1 row of \"label\" refers to a post that does not exist"])
  }

  @Test func changesByTheProgramItselfPass() throws {
    var writer = try StoreWriter.open(path: path)
    #expect(try writer.forget(["k7", "k600"]).posts == 2)
    try writer.renameRun("posts", to: "old")
    try writer.close()
    #expect(try findings().isEmpty)
    // Nor does a run that continues; meanwhile it has no checksum.
    writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request("old", given: true, reopens: true))
    try writer.close()
    #expect(try findings() == ["checksum not recorded "])
    writer = try StoreWriter.open(path: path)
    let again = try writer.openRun(Fixtures.request("old", given: true))
    #expect(again.id == run.id)
    try writer.finishRun(again, state: .finished, counts: again.counts, finishedAt: Fixtures.time)
    try writer.close()
    #expect(try findings().isEmpty)
  }

  @Test func forgettingHidesNoEarlierChange() throws {
    try change("UPDATE prediction SET label = 'ironic \"é\"' WHERE post_id = 300")
    let writer = try StoreWriter.open(path: path)
    _ = try writer.forget(["k7"])
    try writer.close()
    #expect(try findings().first?.hasPrefix("checksum changed entries") == true)
  }

  @Test func rescoredPredictionsPassForTheEarlierRun() throws {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request("again"))
    var rows = Array(Self.rows.prefix(2))
    try writer.commit(rows, run: run, counts: Fixtures.counts(2), notedAt: Fixtures.time, rescore: true)
    #expect(try writer.read { try String.fetchOne($0, sql: "SELECT checksum FROM run WHERE name = 'posts'") } != nil)
    guard case .post(let post, _) = rows[0].outcome else { return }
    rows = [LedgerRow(position: Fixtures.position(3), outcome: .post(post, Fixtures.prediction(77, spaces: [])))]
    try writer.commit(rows, run: run, counts: Fixtures.counts(3), notedAt: Fixtures.time, rescore: true)
    try writer.close()
    #expect(try findings(run: "posts") == ["checksum not recorded "])
  }

  @Test func aMergedRunHasItsSumAndAChangedOneIsNotMerged() throws {
    let output = folder.file("all.sqlite")
    _ = try StoreMerge.stores([path], into: output)
    #expect(try findings(output).isEmpty)
    let sum = "SELECT checksum FROM run"
    #expect(try StoreReader(path: output).texts(sum) == StoreReader(path: path).texts(sum))
    try change("UPDATE prediction SET confidence = 0.5 WHERE post_id = 300")
    let error = #expect(throws: StoreError.self) { try StoreMerge.stores([path], into: folder.file("new.sqlite")) }
    let what = "predictions (records posts.csv 257 to 512)"
    #expect(error == .merge(.changed(run: "posts", what: what, path: path)))
    #expect(try !folder.names().contains("new.sqlite"))
  }
}
