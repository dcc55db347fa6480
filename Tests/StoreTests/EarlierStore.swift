import GRDB
import Store

/// A store in the form of the first version, made from a current one.
enum EarlierStore {
  /// Takes the collected parts away again.
  static let withoutParts = """
    DROP TABLE collected_part; DELETE FROM grdb_migrations WHERE identifier = 'collected parts';
    """

  /// Takes the present reading of numbers away again, and what came later.
  static let withoutNumbers = """
    \(withoutParts)
    DROP VIEW typed_value; \(StoreSchema.typedValue(version: 10))
    DELETE FROM grdb_migrations WHERE identifier = 'numbers of columns';
    """

  /// Takes the samples away again, and what came later.
  static let withoutSamples = """
    \(withoutNumbers)
    DROP TABLE label_note; DROP TABLE sample_post; DROP TABLE sample;
    DELETE FROM grdb_migrations WHERE identifier = 'samples';
    """

  /// Takes the groups of reposts away again, and what came later.
  static let withoutReposts = """
    \(withoutSamples)
    DROP VIEW distinct_post; ALTER TABLE post DROP COLUMN repost_group; ALTER TABLE post DROP COLUMN is_repost;
    DELETE FROM grdb_migrations WHERE identifier = 'reposts';
    """

  static func make(of path: String) throws {
    let queue = try DatabaseQueue(path: path)
    try queue.write { db in
      try db.execute(
        sql: """
          \(withoutReposts)
          DROP TRIGGER post_search_insert; DROP TRIGGER post_search_update; DROP TRIGGER post_search_delete;
          DROP TABLE post_search; DROP VIEW typed; DROP VIEW typed_value; DROP TABLE post_time; DROP TABLE column_type;
          DROP TABLE thumbnail;
          DROP TABLE feature; DROP TABLE unfinished; DROP INDEX prediction_post;
          DROP VIEW scored; DROP VIEW confusion; DROP VIEW mistake; \(StoreSchema.firstViews)
          ALTER TABLE run DROP COLUMN mismatches; ALTER TABLE run DROP COLUMN checksum;
          DELETE FROM grdb_migrations WHERE identifier <> 'posts, runs and predictions';
          PRAGMA user_version = 1;
          """)
    }
    try queue.close()
  }
}
