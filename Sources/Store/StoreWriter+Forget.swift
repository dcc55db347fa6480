import Bytes
import GRDB
import Queries

/// The numbers of items removed permanently.
package struct ForgetSummary: Equatable, Sendable {
  /// Keys that were found.
  package var keys = 0
  /// Posts, counting every version.
  package var posts = 0
  /// Predictions of all scorers.
  package var predictions = 0
  /// Vectors of all scorers and spaces.
  package var vectors = 0
  /// Thumbnails.
  package var thumbnails = 0
  /// True labels from all sources.
  package var labels = 0
  /// Faults, each of which named a key.
  package var faults = 0
  /// Entries of runs that now show only that a row was forgotten.
  package var entries = 0
  /// The runs of these entries.
  package var runs = 0
  /// The keys that were not found, in the order given.
  package var missing: [String] = []
  /// Why the file could not be rewritten without gaps; nil if it was. The gaps contain zeros.
  package var uncompacted: StoreError?

  /// Creates a summary of nothing.
  package init() {}
}

extension StoreWriter {
  /// Removes posts permanently: all their versions with predictions, vectors, thumbnails, labels and search entries,
  /// and the faults that name their keys.
  ///
  /// Their entries stay as `forgotten`, without key and post, so that every run still accounts for each record: only
  /// file, record and line are left. The forgotten keys are recorded nowhere.
  ///
  /// The removal is one transaction. Deleted data is overwritten with zeros, the search index is rebuilt, the log is
  /// moved into the file and emptied, and finally the file is rewritten without gaps. If this is interrupted, either
  /// the store is unchanged or only the last step is missing; the next writer then does it.
  /// - Parameter keys: The posts' keys, compared as bytes.
  /// - Returns: What was removed, and the keys that were not found.
  /// - Throws: `interrupted`, `diskFull`, …; the store is then unchanged.
  /// - Complexity: O(n) for the n entries of all runs; if anything is removed, the whole file is rewritten.
  package func forget(_ keys: [String]) throws(StoreError) -> ForgetSummary {
    try perform { db in
      // Temporary tables hold the keys, so they are kept in memory. Foreign keys are off, because each would be
      // searched for in a whole table: what refers to a post is deleted here, before the post.
      try db.execute(sql: "PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA foreign_keys = OFF")
    }
    defer { try? perform { try $0.execute(sql: "PRAGMA temp_store = DEFAULT; PRAGMA foreign_keys = ON") } }
    var summary = try transact { db in
      var forgetting = try Forgetting(db, keys: keys)
      try forgetting.remove()
      if forgetting.summary.keys > 0 {
        try db.execute(sql: "INSERT OR IGNORE INTO unfinished VALUES (?)", arguments: [StoreSchema.compactTask])
      }
      return forgetting.summary
    }
    if summary.keys > 0 {
      do throws(StoreError) { try compact() } catch { summary.uncompacted = error }
    }
    return summary
  }

  /// The number of records of these files that were forgotten in some run.
  /// - Complexity: O(n) for the n entries of all runs.
  package func forgottenRecords(ofFiles files: [String]) throws(StoreError) -> Int {
    try perform { db in
      let list = files.map { _ in "?" }.joined(separator: ", ")
      return try Int.fetchOne(
        db,
        sql:
          """
          SELECT count(*)
          FROM (SELECT DISTINCT file, record FROM entry WHERE state = 'forgotten' AND file IN (\(list)))
          """,
        arguments: StatementArguments(files)) ?? 0
    }
  }

  /// Moves the log into the file, empties it, and rewrites the file without gaps.
  private func compact() throws(StoreError) {
    do {
      try queue.writeWithoutTransaction { db in try Self.compact(db, stop: stop) }
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// Finishes a removal that was interrupted.
  /// - Returns: notices for the user.
  /// - Throws: `SQLITE_INTERRUPT` as a `DatabaseError`; after any other error the task remains for the next writer.
  static func finishCompacting(_ queue: DatabaseQueue, file: StoreFile, stop: CancellationToken?) throws
    -> [StoreNotice]
  {
    try queue.writeWithoutTransaction { db in
      let task = try String.fetchOne(
        db, sql: "SELECT task FROM unfinished WHERE task = ?", arguments: [StoreSchema.compactTask])
      guard task != nil else { return [] }
      do {
        try compact(db, stop: stop)
        return [.compacted(path: file.path)]
      } catch let error as DatabaseError where error.resultCode != .SQLITE_INTERRUPT {
        return [.notCompacted(path: file.path, StoreError(error, store: file.path))]
      }
    }
  }

  private static func compact(_ db: Database, stop: CancellationToken?) throws {
    // Back to disk: the copy that VACUUM makes is as large as the store.
    try db.execute(sql: "PRAGMA temp_store = DEFAULT")
    stop?.install(on: db.sqliteConnection)
    defer { CancellationToken.remove(from: db.sqliteConnection) }
    try db.execute(sql: "VACUUM")
    // A reader keeps the log, so the task remains.
    if try String.fetchOne(db, sql: "PRAGMA journal_mode") == Journal.writeAhead.rawValue {
      _ = try db.checkpoint(.truncate)
    }
    try db.execute(sql: "DELETE FROM unfinished WHERE task = ?", arguments: [StoreSchema.compactTask])
  }
}

/// Posts that are being removed, within a transaction.
private struct Forgetting {
  private(set) var summary = ForgetSummary()
  private let db: Database

  init(_ db: Database, keys: [String]) throws {
    self.db = db
    try db.execute(
      sql: """
        DROP TABLE IF EXISTS temp.forgotten_key;
        DROP TABLE IF EXISTS temp.forgotten_post;
        CREATE TEMP TABLE forgotten_key (key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TEMP TABLE forgotten_post (id INTEGER PRIMARY KEY) STRICT;
        """)
    let insert = try db.makeStatement(sql: "INSERT OR IGNORE INTO temp.forgotten_key VALUES (?)")
    let find = try db.makeStatement(
      sql: """
        INSERT INTO temp.forgotten_post SELECT id FROM post WHERE key IN (SELECT key FROM temp.forgotten_key)
        """)
    for key in keys { try insert.execute(arguments: [key]) }
    try find.execute()
    // Keys that occur only in faults are found by scanning the entries, which have no index by key.
    let known = Set(
      try String.fetchAll(
        db,
        sql: """
          SELECT key FROM post WHERE id IN (SELECT id FROM temp.forgotten_post)
          UNION SELECT key FROM entry WHERE key IN (SELECT key FROM temp.forgotten_key)
          UNION SELECT key FROM fault WHERE key IN (SELECT key FROM temp.forgotten_key)
          """
      ).map { ByteText($0) })
    summary.keys = known.count
    var told: Set<ByteText> = []
    summary.missing = keys.filter { !known.contains(ByteText($0)) && told.insert(ByteText($0)).inserted }
  }

  mutating func remove() throws {
    guard summary.keys > 0 else { return }
    let posts = "SELECT id FROM temp.forgotten_post"
    let keys = "SELECT key FROM temp.forgotten_key"
    let isForgotten = "key IN (\(keys)) OR post_id IN (\(posts))"
    let runs = try Int64.fetchAll(db, sql: "SELECT DISTINCT run_id FROM entry WHERE \(isForgotten)")
    summary.runs = runs.count
    // A run that another program changed keeps its checksum, which continues to show the change.
    let whole = try runs.filter { try RunChecksum.changes(ofRun: $0, in: db)?.isEmpty == true }
    for scorer in try Int64.fetchAll(db, sql: "SELECT id FROM scorer ORDER BY id") {
      // Uses the beginning of the primary key: neither table has an index by post.
      summary.predictions += try change("DELETE FROM prediction WHERE scorer_id = \(scorer) AND post_id IN (\(posts))")
      for space in try MergeQueries.spaces(ofScorer: scorer, in: db) {
        summary.vectors += try change(
          "DELETE FROM embedding WHERE scorer_id = \(scorer) AND space = ? AND post_id IN (\(posts))", [space])
      }
    }
    summary.labels = try change("DELETE FROM label WHERE post_id IN (\(posts))")
    if try db.tableExists("thumbnail") {
      summary.thumbnails = try change("DELETE FROM thumbnail WHERE post_id IN (\(posts))")
    }
    if try db.tableExists("feature") { _ = try change("DELETE FROM feature WHERE post_id IN (\(posts))") }
    if try db.tableExists("post_time") { _ = try change("DELETE FROM post_time WHERE post_id IN (\(posts))") }
    if try db.tableExists("sample_post") {
      _ = try change("DELETE FROM sample_post WHERE post_id IN (\(posts))")
      _ = try change("DELETE FROM label_note WHERE post_id IN (\(posts))")
    }
    // A fault that stayed would be retried by --retry-faults, and restore the post.
    summary.faults = try change("DELETE FROM fault WHERE key IN (\(keys))")
    summary.entries = try change(
      "UPDATE entry SET state = 'forgotten', key = NULL, post_id = NULL WHERE \(isForgotten)")
    summary.posts = try change("DELETE FROM post WHERE id IN (\(posts))")
    for run in whole { try RunChecksum.record(ofRun: run, in: db) }
    try db.execute(sql: StoreSchema.rebuildSearch)
    try db.execute(sql: "DROP TABLE temp.forgotten_key; DROP TABLE temp.forgotten_post")
  }

  private func change(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
    try db.execute(sql: sql, arguments: arguments)
    return db.changesCount
  }
}
