import GRDB

/// How a store is laid out, and the way from each earlier layout to the present one.
public enum StoreSchema {
  /// `PRAGMA application_id` of every store: `CLFA` in ASCII.
  public static let applicationID = 0x434C_4641
  /// `PRAGMA user_version` of a store with the present layout: the number of migrations.
  public static var version: Int { migrations.count }
  /// The size of a page in bytes.
  public static let pageSize = 16384

  /// One step from a layout to the next: forward only, never changed once released.
  struct Migration {
    /// The name under which the store remembers the step.
    var name: String
    /// What the step does.
    var sql: String
  }

  /// Every step, in order.
  static let migrations = [
    Migration(name: "posts, runs and predictions", sql: firstTables + "\n" + firstViews),
    Migration(name: "full-text search", sql: search),
    Migration(name: "column types", sql: columnTypes),
    Migration(name: "thumbnails", sql: thumbnails),
    Migration(name: "features", sql: features),
    Migration(name: "mismatches and checksums", sql: trust),
    Migration(name: "unfinished tasks, predictions by post", sql: unfinished),
  ]

  /// The names of every step, in order.
  package static var migrationNames: [String] { migrations.map(\.name) }

  /// Brings a store to the present layout. Each step is one transaction, and counts itself in `user_version`.
  /// - Parameters:
  ///   - queue: the store.
  ///   - version: the layout to stop at; the present one unless given.
  /// - Throws: `DatabaseError`.
  static func migrate(_ queue: DatabaseQueue, to version: Int = version) throws {
    var migrator = DatabaseMigrator()
    for (index, migration) in migrations.prefix(version).enumerated() {
      // No step touches a foreign key's table: looking all of them up would take minutes in a large store.
      migrator.registerMigration(migration.name, foreignKeyChecks: .immediate) { db in
        try db.execute(sql: migration.sql)
        try db.execute(sql: "PRAGMA user_version = \(index + 1)")
      }
    }
    try migrator.migrate(queue)
  }
}
