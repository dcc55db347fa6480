import GRDBSQLite

/// What the store stands on.
public enum StoreFacts {
  /// SQLite's version, as loaded.
  public static var sqliteVersion: String { String(cString: sqlite3_libversion()) }
}
