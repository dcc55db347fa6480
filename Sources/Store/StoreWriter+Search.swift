import CSQLite
import GRDB
import GRDBSQLite

extension StoreWriter {
  /// Runs `body` within a transaction, and enters its new posts into the index for full-text search at the end, all at
  /// once.
  ///
  /// The index writes a segment of its own at each statement, so entering posts one by one, as the trigger of `post`
  /// does, takes seven times as long. All posts are in the index before the transaction ends.
  ///
  /// - Parameters:
  ///   - db: the connection, within a transaction.
  ///   - body: adds posts; it neither removes any nor changes their texts. The store has no triggers but those of the
  ///     index: it would not have been opened otherwise.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws; `DatabaseError`.
  func indexingPostsTogether<T>(_ db: Database, _ body: () throws -> T) throws -> T {
    let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM post")
    // A new post gets a higher id than all others, unless the highest possible id is taken.
    guard last != Int64.max else { return try body() }
    let isOff = clfa_sqlite_switch(db.sqliteConnection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0) == SQLITE_OK
    defer { _ = clfa_sqlite_switch(db.sqliteConnection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1) }
    let result = try body()
    if isOff { try Self.index(postsAfter: last ?? Int64.min, in: db) }
    return result
  }

  /// Enters the posts with higher ids than one.
  private static func index(postsAfter last: Int64, in db: Database) throws {
    // Without new posts, the file stays as it is.
    let isNew = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM post WHERE id > ?)", arguments: [last])
    guard isNew == true else { return }
    // With more words in memory, fewer segments are written and joined. The setting is part of the store, so it is taken
    // back, and one of the user's stays.
    let isSet = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM post_search_config WHERE k = 'hashsize')")
    if isSet == false {
      try db.execute(
        sql: "INSERT INTO post_search (post_search, rank) VALUES ('hashsize', ?)", arguments: [indexBytes])
    }
    try db.execute(
      sql: """
        INSERT INTO post_search (rowid, text, knowledge) SELECT id, text, knowledge FROM post WHERE id > ?
        """, arguments: [last])
    if isSet == false { try db.execute(sql: "DELETE FROM post_search_config WHERE k = 'hashsize'") }
  }

  /// The bytes of words that are kept in memory before they are written as a segment.
  private static let indexBytes = 16 << 20
}
