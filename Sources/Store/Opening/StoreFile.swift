import Bytes
import GRDB
import GRDBSQLite
import Glibc

/// A store's path with every link resolved, and the names of the files that may exist next to it.
///
/// SQLite names its side files after the resolved path; the lock must follow, or two links to one
/// store would give two writers.
struct StoreFile: Equatable, Sendable {
  /// The resolved path.
  let path: String

  /// Resolves the path of a store that must exist.
  init(existing path: String) throws(StoreError) {
    guard let resolved = Self.resolve(path) else { throw Self.error(errno, path: path) }
    guard Self.isRegular(resolved) else { throw .notAFile(path: path) }
    self.path = resolved
    try checkSideFiles()
  }

  /// Resolves the path of a store that may have to be created; only its folder must exist.
  init(creating path: String) throws(StoreError) {
    // `-` means standard output elsewhere, so a file of that name would be a surprise.
    guard Array(path.utf8) != [UInt8(ascii: "-")] else { throw .notAFile(path: path) }
    if let resolved = Self.resolve(path) {
      guard Self.isRegular(resolved) else { throw .notAFile(path: path) }
      self.path = resolved
      try checkSideFiles()
      return
    }
    guard errno == ENOENT, !path.isEmpty, path.utf8.last != UInt8(ascii: "/") else {
      throw Self.error(errno, path: path)
    }
    var status = stat()
    // A dangling link: creating its target would put the store in an unexpected place.
    if lstat(path, &status) == 0 { throw .noSuchFile(path: path) }
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let name = cut.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    guard let resolved = Self.resolve(folder) else {
      throw errno == ENOENT ? .noSuchFolder(path: path, folder: folder) : Self.error(errno, path: folder)
    }
    self.path = (resolved == "/" ? "" : resolved) + "/" + name
    try checkSideFiles()
  }

  /// Rejects anything but a regular file where SQLite would open one: opening a pipe may block forever.
  private func checkSideFiles() throws(StoreError) {
    for side in [log, index, journal] {
      var status = stat()
      if lstat(side, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
        throw .notASideFile(path: path, side: side)
      }
    }
  }

  /// The write-ahead log.
  var log: String { path + "-wal" }
  /// The log's index, shared by the processes that have the store open.
  var index: String { path + "-shm" }
  /// The rollback journal of a store on a network file system.
  var journal: String { path + "-journal" }
  /// The writer's lock.
  var lock: String { path + ".lock" }
  /// The folder that holds them all.
  var folder: String { Self.folder(of: path) }

  /// The folder of an absolute path.
  static func folder(of path: String) -> String {
    guard let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")), cut != path.startIndex else { return "/" }
    return String(path[..<cut])
  }

  /// An SQLite URI that reads only the file: it takes no lock, and uses no side file.
  var immutableAddress: String {
    var address = "file:"
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in path.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
        UInt8(ascii: "_"):
        address.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        address += "%"
        address.unicodeScalars.append(Unicode.Scalar(digits[Int(byte >> 4)]))
        address.unicodeScalars.append(Unicode.Scalar(digits[Int(byte & 15)]))
      }
    }
    return address + "?mode=ro&immutable=1"
  }

  /// Whether this process may write the file and create others next to it.
  var isWritable: Bool {
    faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0
      && faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0
  }

  /// Another name of the same file in its folder that has a log or a journal next to it. If there is one, the file is
  /// incomplete without it.
  var otherNameWithLog: String? {
    guard let identity = StoreInode.Identity(path: path), let listing = opendir(folder) else { return nil }
    defer { closedir(listing) }
    while let entry = readdir(listing) {
      guard UInt(entry.pointee.d_ino) == identity.number else { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
      }
      let other = (folder == "/" ? "" : folder) + "/" + name
      guard ByteText(other) != ByteText(path), StoreInode.Identity(path: other) == identity else { continue }
      if Self.size(other + "-wal") > 0 || Self.size(other + "-journal") > 0 { return other }
    }
    return nil
  }

  /// Whether every commit is in the file itself.
  var isAtRest: Bool { Self.size(log) == 0 && Self.size(journal) == 0 }

  /// A file's size in bytes; 0 if it does not exist.
  static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether anything exists at the path.
  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func isRegular(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func error(_ code: Int32, path: String) -> StoreError {
    code == ENOENT
      ? .noSuchFile(path: path) : .cannotOpen(path: path, reason: String(cString: strerror(code)))
  }
}

/// The two numbers that identify the program and the schema version of a database file.
struct StoreIdentity: Equatable {
  /// `PRAGMA application_id`.
  var application: Int
  /// `PRAGMA user_version`: how many migrations it has gone through.
  var version: Int
}

extension StoreIdentity {
  /// Reads both numbers from the file's header, without taking a lock and without touching a side file.
  ///
  /// A store gets its application number before its first write-ahead log, so the file alone identifies it. The log may
  /// hold a later version, so `check` is called again on the real connection. No page is parsed: a writer that was
  /// killed while moving its log leaves pages that are valid only together with the log. The file is read through
  /// SQLite, because closing our own descriptor would release the locks that this process' connections hold on it.
  /// - Throws: `notSQLite`, `cannotOpen`.
  init(_ file: StoreFile) throws(StoreError) {
    SQLiteLibrary.setUp()
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

  /// Rejects a database of another program or of a later version.
  func check(_ file: StoreFile) throws(StoreError) {
    guard application == StoreSchema.applicationID else { throw .anotherProgram(path: file.path) }
    guard version <= StoreSchema.version else {
      throw .newerVersion(path: file.path, version: version, known: StoreSchema.version)
    }
  }

  /// The first 100 bytes of a connection's file; `nil` if they are not an SQLite header.
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

/// Facts about SQLite and the file.
package enum StoreInfo {
  /// SQLite's version, as loaded.
  package static var sqliteVersion: String { String(cString: sqlite3_libversion()) }

  /// Whether a non-empty file exists at the path.
  package static func exists(at path: String) -> Bool { StoreFile.size(path) > 0 }
}

/// Removes the side files that readers, or a writer that ended early, left next to a store.
///
/// SQLite's read-only connections create a log and its index, but may not remove them.
enum StoreCleanup {
  /// Opens and closes the store as a writer does, unless another process is writing or there is nothing to do.
  /// - Returns: Whether the store is now a single file.
  @discardableResult
  static func removeSideFiles(_ file: StoreFile) -> Bool {
    let sides = [file.log, file.index, file.journal]
    guard sides.contains(where: StoreFile.exists) else { return true }
    guard StoreFile.exists(file.path), file.isWritable, let lock = try? StoreLock(file) else { return false }
    defer { lock.release() }
    do {
      let queue = try DatabaseQueue(path: file.path, configuration: .store(readonly: false))
      // The log is opened only by the first read, and removed when the last connection closes.
      _ = try queue.read(StoreIdentity.init(_:))
      try queue.close()
    } catch {
      return false
    }
    return !sides.contains(where: StoreFile.exists)
  }
}
