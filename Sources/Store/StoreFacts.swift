import GRDBSQLite

/// What the store stands on.
public enum StoreFacts {
  /// SQLite's version, as loaded.
  public static var sqliteVersion: String { String(cString: sqlite3_libversion()) }

  /// Whether a file with something in it lies at the path.
  public static func exists(at path: String) -> Bool { StoreFile.size(path) > 0 }
}
