import Bytes
import Corpus
import GRDB
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct StoreWriterSearchTests {
  private let parts: StreamedParts
  private let files: [String]
  private let path: String

  init() throws {
    let parts = try StreamedParts()
    (self.parts, path) = (parts, parts.folder.file("all.sqlite"))
    files = try (1...4).map { try parts.writePart($0) }
  }

  /// The number of posts in the index, whose words SQLite compares with those of the posts, and its settings.
  private func index(_ store: String) throws -> (posts: Int?, settings: [String]) {
    let queue = try DatabaseQueue(path: store)
    defer { try? queue.close() }
    return try queue.write { db in
      try db.execute(sql: "INSERT INTO post_search (post_search, rank) VALUES ('integrity-check', 1)")
      return try (
        Int.fetchOne(db, sql: "SELECT count(*) FROM post_search WHERE post_search MATCH 'known'"),
        String.fetchAll(db, sql: "SELECT k || ' ' || v FROM post_search_config WHERE k <> 'version'")
      )
    }
  }

  private func posts(_ store: String) throws -> Int? {
    let queue = try DatabaseQueue(path: store)
    defer { try? queue.close() }
    return try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM post") }
  }

  @Test func collectedAndMergedPostsAreInTheIndex() throws {
    // The first part's posts are there before the others come.
    try parts.collect([files[0]], into: "all.sqlite")
    try parts.collect(files, into: "all.sqlite")
    let merged = parts.folder.file("merged.sqlite")
    _ = try StoreMerge.stores([path], into: merged)
    _ = try StoreMerge.stores([path], into: merged)
    for store in [path, merged] {
      let (found, settings) = try index(store)
      #expect(try found == posts(store) && found == 32 && settings.isEmpty, "\(store)")
    }
  }

  @Test(arguments: 1...8) func anInterruptedCollectionLeavesNoPostOutOfTheIndex(_ checks: Int) throws {
    let asked = Mutex(0)
    #expect(throws: StoreError.interrupted(path: path)) {
      try parts.collect(files, into: "all.sqlite") {
        asked.withLock {
          $0 += 1
          return $0 >= checks
        }
      }
    }
    #expect(try index(path).posts == posts(path))
  }

  @Test func aSettingOfTheUsersStays() throws {
    try parts.collect([files[0]], into: "all.sqlite")
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "INSERT INTO post_search (post_search, rank) VALUES ('hashsize', 65536)") }
    try queue.close()
    try parts.collect(files, into: "all.sqlite")
    let (found, settings) = try index(path)
    #expect(found == 32 && settings == ["hashsize 65536"])
  }

  @Test func thePostsOfALaterScoringAreIndexedByTheTriggerAgain() throws {
    let writer = try StoreWriter.open(path: path)
    let set = try PartSet(files)
    _ = try writer.collect(set, CollectRequest(files: files, run: nil, now: Fixtures.time))
    let run = try writer.openRun(Fixtures.request("later", corpus: "later.csv"))
    let row = StreamedParts.rows[0]
    var post = Fixtures.post("k")
    post.text = "known later"
    var other = row
    other.outcome = .post(post, Fixtures.prediction(3))
    other.position.file = "later.csv"
    try writer.commit([other], run: run, counts: RunCounts(files: []), notedAt: Fixtures.time)
    try writer.close()
    #expect(try index(path).posts == 33)
  }
}
