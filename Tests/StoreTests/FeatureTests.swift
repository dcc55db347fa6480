import Corpus
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct FeatureTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  private static let hash = [UInt8](repeating: 0xAB, count: 32)

  /// A row with features in these streams, and vectors of them.
  private func row(_ record: Int, _ streams: [String], key: String? = nil) -> LedgerRow {
    var row = Fixtures.scored(record, key: key)
    if case .post(var post, _) = row.outcome {
      post.features = streams.map { FeatureRecord(stream: $0, hash: Self.hash) }
      row.outcome = .post(post, Fixtures.prediction(record, spaces: ["text", "image", "fused"] + streams))
    }
    return row
  }

  private func features(_ path: String) throws -> [String] {
    let reader = try StoreReader(path: path)
    defer { reader.close() }
    return try reader.read { db in
      try String.fetchAll(
        db, sql: "SELECT key || ' ' || stream || ' ' || hash FROM feature JOIN post ON post.id = post_id ORDER BY 1")
    }
  }

  private static let hexadecimal = String(repeating: "ab", count: 32)

  @Test func postsAreKnownIfTheyHaveEveryPossibleVector() throws {
    let writer = try StoreWriter.open(path: path), run = try writer.openRun(Fixtures.request())
    let rows = [row(1, ["audio", "video"]), row(2, ["audio"]), row(3, [])]
    try writer.commit(rows, run: run, counts: Fixtures.counts(3), notedAt: Fixtures.time)
    let identities = (1...3).map { Fixtures.post("k\($0)").identity }
    let all = ["text", "image", "fused", "audio", "video"]
    #expect(try writer.known(scorer: run.scorerID, spaces: all, identities: identities) == [true, true, true])
    try writer.close()
    try DatabaseQueue(path: path).write { try $0.execute(sql: "DELETE FROM embedding WHERE space = 'video'") }
    let again = try StoreWriter.open(path: path)
    #expect(try again.known(scorer: run.scorerID, spaces: all, identities: identities) == [false, true, true])
    try again.close()
    #expect(
      try features(path) == [
        "k1 audio \(Self.hexadecimal)", "k1 video \(Self.hexadecimal)", "k2 audio \(Self.hexadecimal)",
      ])
  }

  @Test func aContinuedRunKnowsItsFeatures() throws {
    try Fixtures.store(path, rows: [row(1, ["video", "audio"]), row(2, [])], counts: Fixtures.counts(2))
    let writer = try StoreWriter.open(path: path)
    defer { try? writer.close() }
    let done = try writer.ledgerEntries(run: 1, file: "posts.csv", after: 0, count: 9)
    #expect(Set(done[0].features.map(\.stream)) == ["audio", "video"])
    #expect(done[0].features.allSatisfy { $0.hash == Self.hexadecimal } && done[1].features.isEmpty)
  }

  @Test func mergingCopiesFeaturesAndForgettingRemovesThem() throws {
    let (first, second, out) = (folder.file("1.sqlite"), folder.file("2.sqlite"), folder.file("out.sqlite"))
    try Fixtures.store(first, rows: [row(1, ["audio"]), row(2, [])], counts: Fixtures.counts(2))
    try Fixtures.store(
      second, Fixtures.request("others", corpus: "others.csv"), rows: [row(1, ["audio"]), row(3, ["video"])],
      counts: Fixtures.counts(2))
    _ = try StoreMerge.stores([first, second], into: out)
    #expect(try features(out) == ["k1 audio \(Self.hexadecimal)", "k3 video \(Self.hexadecimal)"])
    let writer = try StoreWriter.open(path: out)
    _ = try writer.forget(["k1"])
    try writer.close()
    #expect(try features(out) == ["k3 video \(Self.hexadecimal)"])
  }

  @Test func aStoreOfAnEarlierVersionIsMergedAndMigrated() throws {
    let (old, out) = (folder.file("old.sqlite"), folder.file("out.sqlite"))
    try Fixtures.store(old, rows: [row(1, [])], counts: Fixtures.counts(1))
    let queue = try DatabaseQueue(path: old)
    try queue.write { db in
      try db.execute(
        sql: """
          \(EarlierStore.withoutReposts)
          ALTER TABLE run DROP COLUMN mismatches; ALTER TABLE run DROP COLUMN checksum;
          DROP TABLE post_time; DROP VIEW typed_value; \(StoreSchema.typedValue(version: 3))
          DROP TABLE feature; DROP TABLE unfinished; DROP INDEX prediction_post; PRAGMA user_version = 4;
          DROP VIEW scored; DROP VIEW confusion; DROP VIEW mistake; \(StoreSchema.firstViews)
          DELETE FROM grdb_migrations WHERE identifier IN
            ('features', 'mismatches and checksums', 'unfinished tasks, predictions by post',
            'times of columns')
          """)
    }
    try queue.close()
    #expect(try StoreMerge.stores([old], into: out).posts == 1)
    try StoreWriter.open(path: old).close()
    #expect(try features(old).isEmpty)
  }
}
