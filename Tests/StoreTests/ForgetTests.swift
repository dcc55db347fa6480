import Bytes
import Corpus
import Foundation
import GRDB
import Queries
import Store
import TestSupport
import Testing

@Suite struct ForgetTests {
  let folder: Scratch
  let path: String

  init() throws {
    folder = try Scratch()
    path = folder.file("posts.sqlite")
  }

  /// A word that no other post has.
  private static func secret(_ record: Int) -> String { "quixotic\(record)zebra" }

  private static func row(_ record: Int, key: String? = nil, text: String? = nil, label: ByteText? = nil) -> LedgerRow {
    let key = key ?? "key-of-\(secret(record))"
    var post = Fixtures.post(key, label: label)
    post.text = text ?? "\(secret(record)) said \(record)"
    post.identity = PostIdentity(key: ByteText(key), contentHash: "hash of \(post.text)")
    post.knowledge = "sign of \(secret(record))"
    post.image = "images/\(secret(record)).jpg"
    post.extra = [ExtraField(name: "user", value: "@\(secret(record))")]
    return LedgerRow(position: Fixtures.position(record), outcome: .post(post, Fixtures.prediction(record)))
  }

  private static func fault(_ record: Int) -> LedgerRow {
    LedgerRow(
      position: Fixtures.position(record),
      outcome: .fault(
        RowFault(
          position: Fixtures.position(record), key: "key-of-\(secret(record))", stage: .image, code: .missing,
          path: "images/\(secret(record)).jpg", detail: "no \(secret(record))")))
  }

  private func fill(_ rows: [LedgerRow]) throws {
    try Fixtures.store(path, rows: rows, counts: Fixtures.counts(rows.count))
  }

  private func forget(_ keys: [String], shouldStop: (@Sendable () -> Bool)? = nil) throws -> ForgetSummary {
    let writer = try StoreWriter.open(path: path, creates: false, shouldStop: shouldStop)
    defer { try? writer.close() }
    let summary = try writer.forget(keys)
    try writer.close()
    return summary
  }

  private func holds(_ text: String) throws -> Bool {
    try folder.names().contains { name in
      try Data(contentsOf: URL(filePath: folder.file(name))).range(of: Data(text.utf8)) != nil
    }
  }

  @Test func nothingOfAPostIsLeftInTheFile() throws {
    // Long enough for overflow pages, and enough posts for more than one level of the index.
    let long = String(repeating: "\(Self.secret(7)) ", count: 3000)
    try fill((1...400).map { $0 == 7 ? Self.row(7, text: long, label: "plain") : Self.row($0, label: "plain") })
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(
        sql: """
          CREATE TABLE IF NOT EXISTS thumbnail (post_id INTEGER, width INTEGER, jpeg BLOB);
          INSERT INTO thumbnail SELECT id, 64, CAST(text AS BLOB) FROM post;
          """)
    }
    try queue.close()
    let gone = [7, 8, 200, 400]
    for record in gone { #expect(try holds(Self.secret(record))) }
    let summary = try forget(gone.map { "key-of-" + Self.secret($0) })
    var expected = ForgetSummary()
    (expected.keys, expected.posts, expected.predictions, expected.vectors) = (4, 4, 4, 12)
    (expected.thumbnails, expected.labels, expected.entries, expected.runs) = (4, 4, 4, 1)
    #expect(summary == expected)
    for record in gone {
      #expect(try !holds(Self.secret(record)), "\(record)")
      #expect(try !holds("hash of \(Self.secret(record))"))
    }
    for record in [1, 9, 399] { #expect(try holds(Self.secret(record)), "\(record)") }
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func theLedgerStillAddsUp() throws {
    // Two versions of a key, a duplicate, a fault, and a fault of another key.
    let key = "key-of-" + Self.secret(1)
    try fill([
      Self.row(1), Self.row(2, key: key, text: "another \(Self.secret(1))"),
      Self.row(3, key: key, text: "\(Self.secret(1)) said 1"), Self.fault(4), Self.fault(5), Self.row(6),
    ])
    let summary = try forget([key, "key-of-" + Self.secret(4)])
    #expect((summary.keys, summary.posts, summary.faults, summary.entries) == (2, 2, 1, 4))
    let reader = try StoreReader(path: path)
    let run = try reader.run(named: nil)
    #expect(run.isBalanced)
    #expect(EntryState.allCases.map(run.rows) == [1, 0, 0, 1, 4])
    #expect(
      try reader.texts(
        "SELECT file || ' ' || record || ' ' || line FROM entry WHERE state = 'forgotten' AND key IS NULL AND post_id IS NULL"
      )
        == ["posts.csv 1 2", "posts.csv 2 3", "posts.csv 3 4", "posts.csv 4 5"])
    #expect(try reader.texts("SELECT key FROM fault") == ["key-of-" + Self.secret(5)])
    #expect(try reader.texts("PRAGMA foreign_key_check").isEmpty)
    #expect(try reader.texts("PRAGMA integrity_check") == ["ok"])
    reader.close()
    for record in [1, 4] { #expect(try !holds(Self.secret(record))) }
    #expect(try holds(Self.secret(5)))
  }

  @Test func keysAreBytesAndUnknownOnesAreReported() throws {
    try fill([Self.row(1, key: "e\u{301}"), Self.row(2, key: "k2 "), Self.row(3, key: "K2")])
    let before = try folder.state()
    let missing = ["\u{e9}", "k2", "k2", ""]
    var summary = try forget(missing)
    #expect(summary.missing == ["\u{e9}", "k2", ""] && summary.keys == 0)
    #expect(try folder.state() == before)
    summary = try forget(["e\u{301}", "k2", "k2 "])
    #expect((summary.keys, summary.posts, summary.missing) == (2, 2, ["k2"]))
    #expect(try StoreReader(path: path).texts("SELECT key FROM post") == ["K2"])
    #expect(try forget([]).keys == 0)
  }

  @Test func everyRunForgetsThePost() throws {
    try fill([Self.row(1), Self.row(2)])
    let writer = try StoreWriter.open(path: path)
    let run = try writer.openRun(Fixtures.request("other", fingerprint: "beef"))
    try writer.commit([Self.row(1), Self.row(2)], run: run, counts: Fixtures.counts(2), notedAt: Fixtures.time)
    try writer.close()
    let summary = try forget(["key-of-" + Self.secret(2)])
    #expect((summary.posts, summary.predictions, summary.vectors, summary.entries, summary.runs) == (1, 2, 6, 2, 2))
    let reader = try StoreReader(path: path)
    #expect(try reader.runs().allSatisfy { $0.isBalanced && $0.rows(.forgotten) == 1 })
  }

  @Test func theIndexForgetsThePost() throws {
    try fill([Self.row(1), Self.row(2)])
    _ = try forget(["key-of-" + Self.secret(2)])
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(sql: "INSERT INTO post_search (post_search, rank) VALUES ('integrity-check', 1)")
      try db.execute(sql: "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, post_search, row)")
      let terms = try String.fetchAll(db, sql: "SELECT term FROM temp.vocabulary")
      #expect(terms.contains(Self.secret(1)) && !terms.contains(Self.secret(2)))
    }
    try queue.close()
  }

  @Test func aCancelledCommandLeavesTheStoreUnchanged() throws {
    try fill((1...300).map { Self.row($0) })
    let before = try Fixtures.dump(path)
    #expect(throws: StoreError.interrupted(path: path)) {
      try forget((1...300).map { "key-of-" + Self.secret($0) }) { true }
    }
    #expect(try Fixtures.dump(path) == before)
    #expect(try folder.names() == ["posts.sqlite"])
  }

  @Test func aStoreWithAnotherWriterIsNotChanged() throws {
    try fill([Self.row(1)])
    let writer = try StoreWriter.open(path: path)
    #expect { try forget(["key-of-" + Self.secret(1)]) } throws: { error in
      guard case StoreError.locked = error else { return false }
      return true
    }
    try writer.close()
  }

  @Test func aMergeDoesNotRestoreForgottenPosts() throws {
    let (copy, output) = (folder.file("copy.sqlite"), folder.file("all.sqlite"))
    try fill([Self.row(1), Self.row(2)])
    try FileManager.default.copyItem(atPath: path, toPath: copy)
    _ = try forget(["key-of-" + Self.secret(2)])
    _ = try StoreMerge.stores([path, copy], into: output)
    let reader = try StoreReader(path: output)
    #expect(try reader.texts("SELECT key FROM post") == ["key-of-" + Self.secret(1)])
    #expect(try reader.runs().map(\.isBalanced) == [true])
    #expect(try reader.texts("SELECT state FROM entry ORDER BY record") == ["scored", "forgotten"])
    #expect(try reader.text("SELECT count(*) FROM prediction") == "1")
    reader.close()
    let writer = try StoreWriter.open(path: output)
    #expect(try writer.forgottenRecords(ofFiles: ["posts.csv", "other.csv"]) == 1)
    #expect(try writer.forgottenRecords(ofFiles: ["other.csv"]) == 0)
    try writer.close()
  }

  @Test func theNextWriterCompletesAKilledRemoval() throws {
    try fill((1...3000).map { Self.row($0) })
    let path = path
    // Ends the command as soon as the removal is committed, before the file is rewritten.
    let summary = try forget(["key-of-" + Self.secret(7)]) {
      let rows = try? StoreReader(path: path).texts("SELECT task FROM unfinished")
      return rows?.isEmpty == false
    }
    #expect(summary.posts == 1)
    #expect(summary.uncompacted == .interrupted(path: path))
    #expect(try StoreReader(path: path).texts("SELECT task FROM unfinished") == ["compact"])
    let writer = try StoreWriter.open(path: path)
    #expect(writer.notices == [.compacted(path: path)])
    try writer.close()
    #expect(try !holds(Self.secret(7)))
    let next = try StoreWriter.open(path: path)
    #expect(next.notices.isEmpty)
    try next.close()
    #expect(try folder.names() == ["posts.sqlite"])
  }
}
