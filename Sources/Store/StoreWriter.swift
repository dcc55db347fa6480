import Bytes
package import GRDB
import Glibc
import Synchronization

/// The only writer of a store.
///
/// It holds the lock on the file (``StoreLock``), so a second writer is rejected; others can read at the same time.
/// Each change is one transaction. However the process ends, the store contains all commits up to some moment and
/// nothing else.
package final class StoreWriter: Sendable {
  /// The store's file, links resolved.
  package var path: String { file.path }
  /// Notices for the user about how the store was opened.
  package let notices: [StoreNotice]

  let file: StoreFile
  let queue: DatabaseQueue
  /// Whether there was no store at the path.
  let wasCreated: Bool
  private let lock: StoreLock
  let stop: CancellationToken?
  private let isOpen = Mutex(true)

  /// How SQLite makes commits safe.
  package enum Journal: String, Sendable {
    /// A write-ahead log: readers go on during commits.
    case writeAhead = "wal"
    /// A rollback journal, for file systems without memory shared between machines.
    case truncate
  }

  /// Opens a store for writing, and creates it if it does not exist.
  ///
  /// A run that a killed writer left as `running` becomes `interrupted`.
  /// - Parameters:
  ///   - path: The store's path; its folder must exist.
  ///   - creates: Whether to create a store that does not exist.
  ///   - shouldStop: Asked every few thousand steps of SQLite within a transaction, but not while the store is opened,
  ///     committed or closed; once it says yes, the transaction is rolled back and throws `interrupted`.
  /// - Returns: The writer, which holds the store's lock until it is closed.
  /// - Throws: `StoreError`, among others `locked` if another process writes the store; a file that
  ///   is not a store of this version or an earlier one stays untouched.
  package static func open(
    path: String, creates: Bool = true, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> StoreWriter {
    if !creates, try StoreFile.size(StoreFile(existing: path).path) == 0 { throw .unfinished(path: path) }
    return try StoreWriter(path: path, journal: nil, shouldStop: shouldStop)
  }

  /// Opens a store with a given journal mode; `nil` chooses it by the file system.
  package init(path: String, journal: Journal?, shouldStop: (@Sendable () -> Bool)? = nil) throws(StoreError) {
    let file = try StoreFile(creating: path)
    if StoreFile.size(file.path) > 0 { try StoreIdentity(file).check(file) }
    lock = try StoreLock(file)
    wasCreated = StoreFile.size(file.path) == 0
    self.file = file
    stop = shouldStop.map(CancellationToken.init)
    let network = FileSystem.networkType(ofFolder: file.folder)
    let journal = journal ?? (network == nil ? .writeAhead : .truncate)
    var notices = network.map { [StoreNotice.networkFileSystem(path: file.path, type: $0)] } ?? []
    do {
      let queue = try DatabaseQueue(path: file.path, configuration: .store(readonly: false))
      self.queue = queue
      do {
        notices += try Self.prepare(queue, file: file, journal: journal)
        notices += try Self.finishCompacting(queue, file: file, stop: stop)
      } catch {
        // SQLite's locks must be released before ours.
        try? queue.close()
        throw error
      }
      self.notices = notices
    } catch {
      let error = StoreError(error, store: file.path)
      lock.release()
      throw error
    }
  }

  deinit { try? close() }

  /// Moves every commit into the file, removes the side files and releases the lock.
  ///
  /// The second call does nothing. If a reader is still active, the side files stay until it removes them.
  /// - Throws: `notWhole` if the last commits cannot be moved into the file, which then must be kept together with its
  ///   log; `replaced` if another file, or none, now has the store's name.
  package func close() throws(StoreError) {
    guard markClosed() else { return }
    defer { lock.release() }
    var failure: (any Error)?
    var isMoved = false
    do {
      try queue.writeWithoutTransaction { db in
        // Each commit truncates the rollback journal; only this removes it.
        if try String.fetchOne(db, sql: "PRAGMA journal_mode") == Journal.truncate.rawValue {
          try db.execute(sql: "PRAGMA journal_mode = DELETE")
        } else {
          isMoved = try Self.moveLog(db)
        }
      }
    } catch {
      failure = error
    }
    do {
      // SQLite tries once more to move the log, and does not report a failure.
      try queue.close()
      guard failure != nil || !lock.isStoreStillNamed else { return }
    } catch {
      failure = failure ?? error
    }
    if !lock.isStoreStillNamed {
      // SQLite leaves the log of a file that was moved; next to another file the log would do damage.
      if isMoved { for side in [file.log, file.index] { unlink(side) } }
      throw .replaced(path: file.path)
    }
    let log = StoreFile.size(file.log)
    if log > 0 { throw .notWhole(path: file.path, log: file.log, bytes: log) }
    if let failure, StoreFile.size(file.journal) > 0 { throw StoreError(failure, store: file.path) }
  }

  /// Closes a store that this writer has just created, and removes it.
  func discard() {
    guard markClosed() else { return }
    try? queue.close()
    // This must happen before the lock is released, or it could be the next writer's file.
    if lock.isStoreStillNamed {
      for path in [file.path, file.log, file.index, file.journal] { unlink(path) }
    }
    lock.release()
  }

  private func markClosed() -> Bool {
    isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
  }

  /// Moves every commit that no reader blocks into the file; retries for a while if there is no space.
  /// - Returns: Whether all commits were moved.
  private static func moveLog(_ db: Database) throws -> Bool {
    for patience in (0..<moves).reversed() {
      do {
        let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(PASSIVE)")
        return try row.map { try $0.get(1) as Int == $0.get(2) as Int } ?? false
      } catch let error as DatabaseError where patience > 0 {
        guard [.SQLITE_FULL, .SQLITE_IOERR].contains(error.resultCode) else { throw error }
        Pause.milliseconds(200)
      }
    }
    return false
  }

  /// The number of attempts to move the log.
  private static let moves = 5

  /// Runs statements outside a transaction; errors become `StoreError`.
  func perform<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.writeWithoutTransaction(body)
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// Runs statements as one transaction; errors become `StoreError`.
  func transact<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.write { db in try interruptibly(db) { try body(db) } }
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// What SQLite checks of each row that is written.
  enum RowChecks {
    /// That its references are there.
    case references
    /// That, and the schema's `CHECK`s.
    case all
  }

  /// Runs `body` while SQLite does not check every row that is written.
  ///
  /// This is for adding many rows whose references are ids that the same transaction found or made; it is not for
  /// deleting. Only rows whose JSON and states this program wrote itself need no `CHECK`. No transaction may be open.
  func without<T, Failure: Error>(_ checks: RowChecks, _ body: () throws(Failure) -> T) throws(Failure) -> T {
    // If a pragma fails, the rows are checked: that only takes longer.
    try? perform { db in
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      if checks == .all { try db.execute(sql: "PRAGMA ignore_check_constraints = ON") }
    }
    defer {
      try? perform { db in
        try db.execute(sql: "PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = OFF")
      }
    }
    return try body()
  }

  /// Runs `body`; after a request to stop, it fails as interrupted.
  func interruptibly<T>(_ db: Database, _ body: () throws -> T) rethrows -> T {
    stop?.install(on: db.sqliteConnection)
    defer { CancellationToken.remove(from: db.sqliteConnection) }
    return try body()
  }

  /// Reads on the writer's own connection.
  /// - Throws: What `body` throws.
  package func read<T>(_ body: (Database) throws -> T) throws -> T {
    try queue.read(body)
  }

  /// Migrates a store to the present layout.
  /// - Returns: notices for the user.
  private static func prepare(
    _ queue: DatabaseQueue, file: StoreFile, journal: Journal
  ) throws -> [StoreNotice] {
    let additions = try queue.writeWithoutTransaction { db in
      var identity = try StoreIdentity(db)
      if try identity == StoreIdentity(application: 0, version: 0) && isEmpty(db) {
        // Written alone and before there is a log, so that even an interrupted creation identifies the program.
        try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
        identity.application = StoreSchema.applicationID
      }
      try identity.check(file)
      let comparison = try SchemaComparison(db, version: identity.version, path: file.path)
      guard comparison.faults.isEmpty else {
        throw StoreError.foreignSchema(path: file.path, faults: comparison.faults)
      }
      return comparison.additions
    }
    try StoreSchema.migrate(queue)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = \(journal.rawValue)")
      // At NORMAL a log survives a killed process; a power cut may cost the last commits, never the store.
      try db.execute(sql: "PRAGMA synchronous = \(journal == .writeAhead ? "NORMAL" : "FULL")")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = \(logPages(beside: file))")
      try db.execute(sql: "UPDATE run SET state = 'interrupted' WHERE state = 'running'")
    }
    return additions.isEmpty ? [] : [.additions(path: file.path, additions)]
  }

  /// The number of pages after which the log is moved into the file: 64 MiB, or less on a disk with little space, where
  /// a long log would leave none for the file itself.
  private static func logPages(beside file: StoreFile) -> Int {
    var system = statvfs()
    guard statvfs(file.folder, &system) == 0 else { return 4096 }
    let free = Int(clamping: UInt64(system.f_bavail) &* UInt64(system.f_frsize))
    return max(32, min(4096, free / 16 / StoreSchema.pageSize))
  }

  private static func isEmpty(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
  }
}

/// A notice for a store's user; not an error.
package enum StoreNotice: Equatable, Sendable {
  /// The store is on a network file system.
  case networkFileSystem(path: String, type: String)
  /// The store has tables, views or indexes that users added: `table notes`.
  case additions(path: String, [String])
  /// An earlier command that forgot posts was interrupted; the file was now rewritten.
  case compacted(path: String)
  /// The file still has to be rewritten without the forgotten posts.
  case notCompacted(path: String, StoreError)
}

extension StoreNotice: CustomStringConvertible {
  /// The notice in words.
  package var description: String {
    switch self {
    case .networkFileSystem(let path, let type):
      """
      \(path.printable) is on a network file system (\(type.printable)): commits are slower there, and readers have to wait. \
      A store on a local disk is faster; copy it when the run is done.
      """
    case .additions(let path, let names):
      "\(path.printable) contains \(names.count == 1 ? "something" : "\(names.count) things") that clfa did not create ("
        + names.prefix(8).map(\.printable).joined(separator: ", ")
        + (names.count > 8 ? " and \(names.count - 8) more" : "")
        + "); \(names.count == 1 ? "it is" : "they are") left alone"
    case .compacted(let path):
      "an earlier clfa forget on \(path.printable) was cut short; the file has now been rewritten without the forgotten posts"
    case .notCompacted(let path, let error):
      "\(path.printable) may still hold texts that were forgotten, because the file could not be rewritten: \(error)"
    }
  }
}
