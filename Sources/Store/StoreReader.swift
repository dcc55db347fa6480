import Glibc
package import GRDB
import Synchronization

/// A store opened for reading: no SQL can change it.
///
/// Reading is possible while another process writes; each `read` sees one state. A store that a killed writer left is
/// read up to its last commit. A store in a read-only folder is read without a lock; if another process changes it
/// meanwhile, `read` throws.
package final class StoreReader: Sendable {
  /// The store's file, links resolved.
  package var path: String { file.path }

  let file: StoreFile
  /// Released after the connection, whose locks it keeps.
  let inode: StoreInode
  private let queue: DatabaseQueue
  private let stop: CancellationToken?
  /// How predictions are calibrated when they are read; nil for the model's own.
  package let calibration: CalibratedPredictions?
  /// The keys that `knows` has read so far.
  let versions = Mutex(PostVersionCache())
  /// Whether nothing protects this reader from writers.
  private let isUnprotected: Bool
  /// Whether other names led to the file when it was opened: hard links, or a mount of its own.
  private let hasOtherNames: Bool
  /// Whether a killed writer's side files existed before: they are left as they were.
  private let wasLeftOpen: Bool

  /// Opens a store.
  ///
  /// The program and version that the file belongs to are checked before anything is changed.
  /// - Parameters:
  ///   - path: The store's file.
  ///   - calibration: How predictions are calibrated when they are read; nil for the model's own.
  ///   - shouldStop: Asked every few thousand steps of SQLite; once it says yes, a `read` throws `interrupted`.
  /// - Throws: `StoreError` if there is no store, or none that this version reads.
  package init(
    path: String, calibration: CalibratedPredictions? = nil, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) {
    let file = try StoreFile(existing: path)
    guard StoreFile.size(file.path) > 0 else { throw .unfinished(path: path) }
    try StoreIdentity(file).check(file)
    self.file = file
    guard let inode = StoreInode(path: file.path, forWriting: false) else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    self.inode = inode
    let writer = StoreLock.writer(of: file, inode)
    // The log that belongs to the file is next to the writer's name: without it, the file may be in the middle of a
    // change.
    if writer == .elsewhere { throw .writtenElsewhere(path: path) }
    hasOtherNames = inode.names > 1 || FileSystem.isMounted(file: file.path)
    if hasOtherNames, let other = file.otherNameWithLog { throw .logElsewhere(path: path, name: other) }
    wasLeftOpen = StoreFile.size(file.log) > 0 && writer == .none
    // SQLite's read-only connections need a log index next to the file, and may create it; if the file has several
    // names, an index next to one of them would disturb users of the others.
    isUnprotected = file.isAtRest && (!file.isWritable || (hasOtherNames && writer == .none))
    stop = shouldStop.map(CancellationToken.init)
    self.calibration = calibration
    queue = try Self.open(file, address: isUnprotected ? file.immutableAddress : file.path)
    if let calibration {
      do { try queue.inDatabase(calibration.install) } catch { throw StoreError(error, store: file.path) }
    }
  }

  deinit { close() }

  /// Reads from one state of the store.
  /// - Throws: `StoreError` if the store or the disk fails; otherwise what `body` throws, including the `DatabaseError`
  ///   of its own SQL.
  package func read<T>(_ body: (Database) throws -> T) throws -> T {
    let before = isUnprotected ? Self.state(file) : nil
    do {
      let value = try queue.read { db in
        stop?.install(on: db.sqliteConnection)
        defer { CancellationToken.remove(from: db.sqliteConnection) }
        return try body(db)
      }
      if isUnprotected, Self.state(file) != before { throw StoreError.changedWhileRead(path: file.path) }
      if hasOtherNames || inode.names > 1, StoreLock.writer(of: file, inode) == .elsewhere {
        throw StoreError.writtenElsewhere(path: file.path)
      }
      return value
    } catch let error as DatabaseError {
      if isUnprotected, Self.state(file) != before { throw StoreError.changedWhileRead(path: file.path) }
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_BUSY, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_FULL,
        .SQLITE_INTERRUPT:
        throw StoreError(error, store: file.path, isReading: true)
      default: throw error
      }
    }
  }

  /// The number of post versions read for `knows`.
  package var versionsRead: Int { versions.withLock(\.read) }

  /// Closes the connection and removes the side files, unless another process still uses the store.
  package func close() {
    try? queue.close()
    if !wasLeftOpen && !isUnprotected { StoreCleanup.removeSideFiles(file) }
  }

  private static func open(_ file: StoreFile, address: String) throws(StoreError) -> DatabaseQueue {
    do {
      return try connect(file, address: address)
    } catch {
      switch error {
      case .readOnly where file.isWritable && StoreFile.size(file.journal) > 0:
        // A commit on a network file system was interrupted; only a writer can roll it back.
        guard StoreCleanup.removeSideFiles(file) else { throw .cannotRecover(path: file.path) }
        return try connect(file, address: address)
      case .readOnly, .cannotOpen, .inputOutput:
        if !file.isWritable && !file.isAtRest { throw .cannotRecover(path: file.path) }
        throw error
      default: throw error
      }
    }
  }

  private static func connect(_ file: StoreFile, address: String) throws(StoreError) -> DatabaseQueue {
    do {
      let queue = try DatabaseQueue(path: address, configuration: .store(readonly: true))
      let identity = try queue.read(StoreIdentity.init(_:))
      try identity.check(file)
      guard identity.version > 0 else { throw StoreError.unfinished(path: file.path) }
      return queue
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// Numbers that change whenever the file does: its inode, size and modification time.
  private static func state(_ file: StoreFile) -> [Int] {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return [] }
    return [
      Int(bitPattern: UInt(status.st_ino)), Int(status.st_size), status.st_mtim.tv_sec,
      status.st_mtim.tv_nsec,
    ]
  }
}
