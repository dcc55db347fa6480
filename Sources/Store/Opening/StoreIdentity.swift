import GRDB
import GRDBSQLite

/// The two numbers by which a database file says whose it is and how it is laid out.
struct StoreIdentity: Equatable {
  /// `PRAGMA application_id`.
  var application: Int
  /// `PRAGMA user_version`: how many migrations it has gone through.
  var version: Int
}

extension StoreIdentity {
  /// Reads both numbers from the file's header, without taking a lock and without making, reading or
  /// changing a side file.
  ///
  /// A store gets its application number before it ever has a write-ahead log, so the file alone tells
  /// whose it is. The log may hold a later version: `check` is asked again on the connection proper. No
  /// page is parsed, for a writer killed while it moved its log into the file leaves pages that only fit
  /// together with the log. The file is read through SQLite, because closing a descriptor of our own
  /// would take away the locks that this process' connections hold on it.
  /// - Throws: `notSQLite`, `cannotOpen`.
  init(_ file: StoreFile) throws(StoreError) {
    var connection: OpaquePointer?
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(file.immutableAddress, &connection, flags, nil)
    defer { sqlite3_close_v2(connection) }
    guard code == SQLITE_OK else {
      throw .cannotOpen(path: file.path, reason: String(cString: sqlite3_errstr(code)))
    }
    guard let header = Self.header(of: connection) else { throw .notSQLite(path: file.path) }
    application = Self.number(header[68..<72])
    version = Self.number(header[60..<64])
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

  /// The first 100 bytes of a connection's file; `nil` where they are not an SQLite header.
  private static func header(of connection: OpaquePointer?) -> [UInt8]? {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let code = withUnsafeMutablePointer(to: &file) {
      sqlite3_file_control(connection, "main", SQLITE_FCNTL_FILE_POINTER, $0)
    }
    guard code == SQLITE_OK, let file, let read = file.pointee.pMethods?.pointee.xRead else { return nil }
    var bytes = [UInt8](repeating: 0, count: 100)
    guard read(file, &bytes, CInt(bytes.count), 0) == SQLITE_OK else { return nil }
    return bytes.starts(with: Array("SQLite format 3".utf8) + [0]) ? bytes : nil
  }

  /// A signed 32-bit number, its most significant byte first.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    Int(Int32(bitPattern: bytes.reduce(0 as UInt32) { $0 << 8 | UInt32($1) }))
  }
}
