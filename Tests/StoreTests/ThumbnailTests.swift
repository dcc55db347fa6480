import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct ThumbnailTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  private func row(_ record: Int, jpeg: [UInt8]?, key: String? = nil) -> LedgerRow {
    var row = Fixtures.scored(record, key: key)
    if case .post(var post, let prediction) = row.outcome {
      post.thumbnail = jpeg.map { ThumbnailRecord(width: 96, jpeg: $0) }
      row.outcome = .post(post, prediction)
    }
    return row
  }

  private func thumbnails(_ path: String) throws -> [String] {
    let reader = try StoreReader(path: path)
    defer { reader.close() }
    return try reader.read { db in
      try String.fetchAll(
        db,
        sql: "SELECT key || ' ' || width || ' ' || hex(jpeg) FROM thumbnail JOIN post ON post.id = post_id ORDER BY key"
      )
    }
  }

  @Test func theFirstThumbnailStaysUnlessPostsAreRescored() throws {
    let writer = try StoreWriter.open(path: path)
    var request = Fixtures.request()
    for (jpeg, rescore, expected) in [([1, 2], false, "0102"), ([3], false, "0102"), ([4], true, "04")]
      as [([UInt8], Bool, String)]
    {
      let run = try writer.openRun(request)
      try writer.commit(
        [row(1, jpeg: jpeg)], run: run, counts: Fixtures.counts(1), notedAt: Fixtures.time, rescore: rescore)
      try writer.finishRun(run, state: .finished, counts: Fixtures.counts(1), finishedAt: Fixtures.time)
      let found = try writer.read { try String.fetchOne($0, sql: "SELECT hex(jpeg) FROM thumbnail") }
      #expect(found == expected)
      request.name += "+"
    }
    try writer.close()
  }

  @Test func onlyPostsWithAPictureLackAThumbnail() throws {
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request())
    try writer.commit(
      [row(1, jpeg: [1]), row(2, jpeg: nil), Fixtures.textOnly(3)], run: run, counts: Fixtures.counts(3),
      notedAt: Fixtures.time)
    let posts = [Fixtures.post("k1"), Fixtures.post("k2"), Fixtures.post("k3", hasPicture: false), Fixtures.post("k4")]
    #expect(try writer.lackThumbnails(posts.map(\.identity)) == [false, true, false, false])
    try writer.close()
  }

  @Test func aMergeCopiesThumbnailsOnce() throws {
    let (first, second, out) = (folder.file("1.sqlite"), folder.file("2.sqlite"), folder.file("out.sqlite"))
    try Fixtures.store(first, rows: [row(1, jpeg: [1]), row(2, jpeg: nil)], counts: Fixtures.counts(2))
    try Fixtures.store(
      second, Fixtures.request("others", corpus: "others.csv"), rows: [row(1, jpeg: [9]), row(2, jpeg: [2])],
      counts: Fixtures.counts(2))
    #expect(try StoreMerge.stores([first, second], into: out).thumbnails == 2)
    #expect(try thumbnails(out) == ["k1 96 01", "k2 96 02"])
    #expect(try StoreMerge.stores([first, second], into: out).thumbnails == 0)
    #expect(try thumbnails(out) == ["k1 96 01", "k2 96 02"])
  }

  @Test func aStoreWithoutThumbnailsIsMergedAndMigrated() throws {
    let (old, out) = (folder.file("old.sqlite"), folder.file("out.sqlite"))
    try Fixtures.store(old, rows: [row(1, jpeg: nil)], counts: Fixtures.counts(1))
    let queue = try DatabaseQueue(path: old)
    try queue.write { db in
      try db.execute(
        sql: """
          \(EarlierStore.withoutReposts)
          DROP TABLE thumbnail; ALTER TABLE run DROP COLUMN mismatches; ALTER TABLE run DROP COLUMN checksum;
          DROP TABLE post_time; DROP VIEW typed_value; \(StoreSchema.typedValue(version: 3))
          DROP TABLE feature; DROP TABLE unfinished; DROP INDEX prediction_post; PRAGMA user_version = 3;
          DROP VIEW scored; DROP VIEW confusion; DROP VIEW mistake; \(StoreSchema.firstViews)
          DELETE FROM grdb_migrations WHERE identifier IN
            ('thumbnails', 'features', 'mismatches and checksums', 'unfinished tasks, predictions by post',
            'times of columns')
          """)
    }
    try queue.close()
    #expect(try StoreMerge.stores([old], into: out).posts == 1)
    #expect(try thumbnails(out).isEmpty)
    try StoreWriter.open(path: old).close()
    #expect(try thumbnails(old).isEmpty)
  }
}
