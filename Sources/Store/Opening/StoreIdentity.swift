import GRDB

/// The two numbers by which a database file says whose it is and how it is laid out.
struct StoreIdentity: Equatable {
  /// `PRAGMA application_id`.
  var application: Int
  /// `PRAGMA user_version`: how many migrations it has gone through.
  var version: Int
}

extension StoreIdentity {
  /// Reads both numbers without taking a lock and without making, reading or changing a side file.
  ///
  /// A store gets its application number before it ever has a write-ahead log, so the file alone tells
  /// whose it is. The log may hold a later version: `check` is asked again on the connection proper.
  init(_ file: StoreFile) throws(StoreError) {
    var patience = 5
    while true {
      do {
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: file.immutableAddress, configuration: configuration)
        defer { try? queue.close() }
        self = try queue.read(StoreIdentity.init(_:))
        return
      } catch {
        let error = StoreError(error, store: file.path)
        // A writer may be moving its log into the file at this moment.
        guard case .corrupt = error, patience > 0, StoreFile.size(file.log) > 0 else { throw error }
        patience -= 1
        Pause.milliseconds(50)
      }
    }
  }

  /// Reads both numbers on an open connection.
  init(_ db: Database) throws {
    application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// Refuses a database that is another program's or a later version's.
  func check(_ file: StoreFile) throws(StoreError) {
    guard application == StoreSchema.applicationID else { throw .anotherProgram(path: file.path) }
    guard version <= StoreSchema.version else {
      throw .newerVersion(path: file.path, version: version, known: StoreSchema.version)
    }
  }
}
