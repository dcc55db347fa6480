import GRDBSQLite

/// What SQLite asks from time to time while it works on a connection; yes ends the statement as interrupted.
final class StopSignal: Sendable {
  let isRaised: @Sendable () -> Bool

  init(_ isRaised: @escaping @Sendable () -> Bool) { self.isRaised = isRaised }

  /// Makes a connection ask every few thousand steps; the signal must live as long as it does, or be removed.
  func install(on connection: OpaquePointer?) {
    sqlite3_progress_handler(
      connection, 4096,
      { context in
        guard let context else { return 0 }
        return Unmanaged<StopSignal>.fromOpaque(context).takeUnretainedValue().isRaised() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Makes a connection ask no more.
  static func remove(from connection: OpaquePointer?) {
    sqlite3_progress_handler(connection, 0, nil, nil)
  }
}
