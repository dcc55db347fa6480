import CSQLite
import GRDB
import GRDBSQLite

extension Configuration {
  /// The configuration shared by every connection to a store.
  static func store(readonly: Bool) -> Configuration {
    SQLiteLibrary.setUp()
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A store may come from an untrusted source, so damaged pages must be detected before they are used.
      // (`trusted_schema` stays on: SQLite 3.40 would reject the schema's own `json_valid`.)
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      if !readonly {
        // This has an effect only before the first page is written. A vector of 512 float32 with its key then fits into
        // one page.
        try db.execute(sql: "PRAGMA page_size = \(StoreSchema.pageSize); PRAGMA cache_size = -65536")
      }
    }
    return configuration
  }
}

/// What holds for all connections of the process.
enum SQLiteLibrary {
  /// SQLite would count the bytes that it has allocated, under a lock at each allocation, and nothing reads the count.
  private static let countsNoMemory = clfa_sqlite_switch_all(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK

  /// Must be called before the first connection is opened; later, it changes nothing.
  static func setUp() { _ = countsNoMemory }
}

/// A check that SQLite makes regularly while a statement runs; if it returns true, the statement fails as interrupted.
final class CancellationToken: Sendable {
  let isCancelled: @Sendable () -> Bool

  init(_ isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

  /// Makes a connection check every few thousand steps. The token must live as long as the connection, or be removed.
  func install(on connection: OpaquePointer?) {
    sqlite3_progress_handler(
      connection, 4096,
      { context in
        guard let context else { return 0 }
        return Unmanaged<CancellationToken>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Stops the checks on a connection.
  static func remove(from connection: OpaquePointer?) {
    sqlite3_progress_handler(connection, 0, nil, nil)
  }
}
