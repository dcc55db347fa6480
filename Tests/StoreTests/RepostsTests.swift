import Bytes
import Corpus
import GRDB
import Queries
import Store
import TestSupport
import Testing

@Suite struct RepostsTests {
  let folder: Scratch

  init() throws { folder = try Scratch() }

  private static let text = "I love Mondays, they are my favourite day"

  private static func row(_ record: Int, _ key: String, _ text: String, postedAt: String? = nil) -> LedgerRow {
    let identity = PostIdentity(key: ByteText(key), contentHash: "hash of \(key)")
    let post = PostRecord(
      identity: identity, text: text, image: "\(key).jpg", pictureHash: "picture of \(key)", postedAt: postedAt,
      hasPicture: true)
    return LedgerRow(position: Fixtures.position(record), outcome: .post(post, Fixtures.prediction(record)))
  }

  /// Two reposts before their original, a copy with other marks, and two other posts.
  private static let rows = [
    row(1, "7", "RT @bob: \(text)"), row(2, "10", text.uppercased(), postedAt: "2026-01-02T00:00:00Z"),
    row(3, "9", "\(text)!!", postedAt: "2026-01-01T00:00:00Z"), row(4, "8", "\(text) via @bob"),
    row(5, "1", "Quite another text, which nobody repeats"), row(6, "2", "short"),
  ]

  private func store(_ name: String, _ rows: [LedgerRow] = rows, run: String = "posts") throws -> String {
    let path = folder.file(name)
    try Fixtures.store(path, Fixtures.request(run), rows: rows, counts: Fixtures.counts(rows.count))
    return path
  }

  private func posts(_ path: String, _ sql: String) throws -> [String] {
    let reader = try StoreReader(path: path)
    defer { reader.close() }
    return try reader.read { try String.fetchAll($0, sql: sql) }
  }

  private func groups(_ path: String) throws -> [String] {
    try posts(
      path, "SELECT key || ' ' || coalesce(repost_group, '-') || coalesce(is_repost, '-') FROM post ORDER BY key")
  }

  @Test func theGroupIsRecordedWithThePost() throws {
    let path = try store("posts.sqlite")
    let id = RepostGroup(text: Self.text, pictureHash: nil, key: "", contentHash: "").id
    #expect(try posts(path, "SELECT key FROM post WHERE repost_group = '\(id)' ORDER BY id") == ["7", "10", "9", "8"])
    #expect(try posts(path, "SELECT key FROM post WHERE is_repost = 1 ORDER BY id") == ["7", "8"])
    #expect(try posts(path, "SELECT key FROM post WHERE repost_group IS NULL").isEmpty)
  }

  /// Not marked, then the earliest.
  @Test func oneOfEachGroupCountsWhateverTheOrder() throws {
    let sql = "SELECT post.key || ' ' || posts FROM distinct_post JOIN post ON post.id = post_id ORDER BY post.key"
    #expect(try posts(store("posts.sqlite"), sql) == ["1 1", "2 1", "9 4"])
    let reversed = zip(1..., Self.rows.reversed()).map { record, row in
      LedgerRow(position: Fixtures.position(record), outcome: row.outcome)
    }
    #expect(try posts(store("reversed.sqlite", reversed), sql) == ["1 1", "2 1", "9 4"])
  }

  @Test func theSmallestKeyCountsWithoutDates() throws {
    let rows = [Self.row(1, "10", Self.text), Self.row(2, "9", Self.text), Self.row(3, "11", Self.text)]
    let path = try store("posts.sqlite", rows)
    #expect(try posts(path, "SELECT post.key FROM distinct_post JOIN post ON post.id = post_id") == ["9"])
  }

  @Test func aRunsRepostsAreCounted() throws {
    let writer = try StoreWriter.open(path: folder.file("posts.sqlite"))
    defer { try? writer.close() }
    let run = try writer.openRun(Fixtures.request())
    #expect(try writer.reposts(of: run) == RunReposts())
    try writer.commit(Self.rows, run: run, counts: Fixtures.counts(6), notedAt: Fixtures.time)
    let reposts = try writer.reposts(of: run)
    #expect(reposts == RunReposts([6, 3, 4, 1, 0]) && reposts.notice == nil)
  }

  @Test func postsOfAnEarlierVersionGetTheirGroupWhenTheyAreScoredOrMergedAgain() throws {
    let (whole, path, out) = (try store("whole.sqlite"), try store("old.sqlite"), folder.file("out.sqlite"))
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(sql: EarlierStore.withoutReposts + "PRAGMA user_version = \(StoreSchema.version - 4)")
    }
    try queue.close()
    #expect(throws: QueryError.self) { try QueryRunner(path: path).reposts(for: []) }
    _ = try StoreMerge.stores([path], into: out)
    #expect(try groups(out) == groups(whole))
    try StoreWriter.open(path: path).close()
    let reposts = try QueryRunner(path: path).reposts(for: [])
    #expect(reposts.ungrouped == 6 && reposts.distinct == 6 && reposts.notice?.contains("6 of 6 posts") == true)
    #expect(try posts(path, "SELECT key FROM post WHERE repost_group IS NOT NULL").isEmpty)
    _ = try store("old.sqlite", run: "again")
    #expect(try groups(path) == groups(whole))
    // A merge into a store whose posts have none.
    let other = try DatabaseQueue(path: out)
    try other.write { try $0.execute(sql: "UPDATE post SET repost_group = NULL, is_repost = NULL") }
    try other.close()
    _ = try StoreMerge.stores([whole], into: out)
    #expect(try groups(out) == groups(whole))
  }

  @Test func aForgottenOriginalLeavesItsReposts() throws {
    let path = try store("posts.sqlite")
    let writer = try StoreWriter.open(path: path)
    _ = try writer.forget(["9", "10"])
    try writer.close()
    let sql = "SELECT post.key || ' ' || posts FROM distinct_post JOIN post ON post.id = post_id ORDER BY post.key"
    #expect(try posts(path, sql) == ["1 1", "2 1", "7 2"])
  }

  @Test func aQueryCountsOneOfEachRepost() throws {
    let runner = try QueryRunner(path: try store("posts.sqlite"))
    func count(_ query: NamedQuery) throws -> Int {
      var posts = 0
      try runner.run(query, columns: { _ in }) { values in
        if case .integer(let number) = values[1] { posts += Int(number) }
        return true
      }
      return posts
    }
    let labels = try NamedQuery.named("labels", in: NamedQuery.all)
    #expect(try count(labels) == 6 && count(labels.distinct()) == 3)
    #expect(try runner.reposts(for: []) == RunReposts([6, 3, 4, 1, 0]))
  }

  /// Every query that takes one of each group of reposts is valid SQL, and `--explain` shows it.
  @Test func everyDistinctQueryRuns() throws {
    let path = try store("posts.sqlite")
    for query in try NamedQuery.all {
      guard let distinct = try? query.distinct() else { continue }
      #expect(distinct.sql.contains("repost_group") && !distinct.sql.contains("{{"), "\(query.name)")
      let arguments = (query.parameters ?? []).filter { $0.defaultValue == nil }.map {
        QueryArgument(name: $0.name, value: $0.kind == .column ? "file" : $0.kind == .run ? "posts" : "love")
      }
      try QueryRunner(path: path).run(distinct, arguments: arguments, columns: { _ in }) { _ in true }
    }
  }
}
