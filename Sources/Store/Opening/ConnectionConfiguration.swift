import GRDB
import GRDBSQLite

extension Configuration {
  /// The configuration shared by every connection to a store.
  static func store(readonly: Bool) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readonly
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { db in
      // A store may come from anywhere: a damaged page is found before it is followed. (`trusted_schema`
      // stays on: SQLite 3.40 would refuse the schema's own `json_valid`.)
      try db.execute(sql: "PRAGMA cell_size_check = ON")
      if !readonly {
        // Means something only until the first page is written. A vector of 512 float32 with its key
        // then stays inside its page.
        try db.execute(sql: "PRAGMA page_size = \(StoreSchema.pageSize); PRAGMA cache_size = -65536")
      }
    }
    return configuration
  }
}

/// A check that SQLite makes regularly while a statement runs; true ends the statement as interrupted.
final class CancellationToken: Sendable {
  let isCancelled: @Sendable () -> Bool

  init(_ isCancelled: @escaping @Sendable () -> Bool) { self.isCancelled = isCancelled }

  /// Makes a connection ask every few thousand steps; the signal must live as long as it does, or be removed.
  func install(on connection: OpaquePointer?) {
    sqlite3_progress_handler(
      connection, 4096,
      { context in
        guard let context else { return 0 }
        return Unmanaged<CancellationToken>.fromOpaque(context).takeUnretainedValue().isCancelled() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Makes a connection ask no more.
  static func remove(from connection: OpaquePointer?) {
    sqlite3_progress_handler(connection, 0, nil, nil)
  }
}
