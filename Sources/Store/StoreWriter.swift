public import GRDB
import Synchronization

/// The one writer of a store.
///
/// It holds `flock` on `STORE.lock`, so a second writer is refused; readers go on beside it. Each change is
/// one transaction. However its process ends, the store holds all commits up to some moment and nothing else.
public final class StoreWriter: Sendable {
  /// The store's file, links resolved.
  public var path: String { file.path }
  /// What the store's user should know about how it was opened.
  public let notices: [StoreNotice]

  let file: StoreFile
  let queue: DatabaseQueue
  /// Whether there was no store at the path.
  let wasCreated: Bool
  private let lock: StoreLock
  private let stop: StopSignal?
  private let isOpen = Mutex(true)

  /// How SQLite makes commits safe.
  package enum Journal: String, Sendable {
    /// A write-ahead log: readers go on during commits.
    case writeAhead = "wal"
    /// A rollback journal, for file systems without memory shared between machines.
    case truncate
  }

  /// Opens a store for writing, and creates it where there is none.
  ///
  /// A run that a killed writer left as `running` becomes `interrupted`.
  /// - Parameters:
  ///   - path: The store's path; its folder must exist.
  ///   - creates: Whether a store that does not exist is made.
  ///   - shouldStop: Asked every few thousand steps of SQLite within a transaction, but not while the store is opened,
  ///     committed or closed; once it says yes, the transaction is rolled back and throws `interrupted`.
  /// - Returns: The writer, which holds the store's lock until it is closed.
  /// - Throws: `StoreError`, among others `locked` where another process writes the store; a file that
  ///   is not a store of this version or an earlier one stays untouched.
  public static func open(
    path: String, creates: Bool = true, shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(StoreError) -> StoreWriter {
    if !creates, try StoreFile.size(StoreFile(existing: path).path) == 0 { throw .unfinished(path: path) }
    return try StoreWriter(path: path, journal: nil, shouldStop: shouldStop)
  }

  /// Opens a store with the journal of the caller's choice; `nil` asks the file system.
  package init(path: String, journal: Journal?, shouldStop: (@Sendable () -> Bool)? = nil) throws(StoreError) {
    let file = try StoreFile(creating: path)
    if StoreFile.size(file.path) > 0 { try StoreIdentity(file).check(file) }
    lock = try StoreLock(file)
    wasCreated = StoreFile.size(file.path) == 0
    self.file = file
    stop = shouldStop.map(StopSignal.init)
    let network = FileSystem.networkType(ofFolder: file.folder)
    let journal = journal ?? (network == nil ? .writeAhead : .truncate)
    notices = network.map { [StoreNotice.networkFileSystem(path: file.path, type: $0)] } ?? []
    do {
      queue = try DatabaseQueue(path: file.path, configuration: .store(readonly: false))
      try Self.prepare(queue, file: file, journal: journal)
    } catch {
      let error = StoreError(error, store: file.path)
      lock.release()
      throw error
    }
  }

  deinit { try? close() }

  /// Brings every commit into the file, removes the side files and gives the lock back.
  ///
  /// The second call does nothing. A reader still at work keeps the side files; it removes them itself.
  public func close() throws(StoreError) {
    let wasOpen = isOpen.withLock { isOpen in
      defer { isOpen = false }
      return isOpen
    }
    guard wasOpen else { return }
    defer { lock.release() }
    do {
      try queue.writeWithoutTransaction { db in
        // A rollback journal is truncated to nothing by each commit, and removed only here.
        if try String.fetchOne(db, sql: "PRAGMA journal_mode") == Journal.truncate.rawValue {
          try db.execute(sql: "PRAGMA journal_mode = DELETE")
        }
      }
      try queue.close()
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// Runs statements outside a transaction, errors in the store's terms.
  func perform<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.writeWithoutTransaction(body)
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// Runs statements as one transaction, errors in the store's terms.
  func transact<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try queue.write { db in try interruptibly(db) { try body(db) } }
    } catch {
      throw StoreError(error, store: file.path)
    }
  }

  /// Does some work that ends as interrupted once somebody wants to stop.
  func interruptibly<T>(_ db: Database, _ body: () throws -> T) rethrows -> T {
    stop?.install(on: db.sqliteConnection)
    defer { StopSignal.remove(from: db.sqliteConnection) }
    return try body()
  }

  /// Reads on the writer's own connection.
  /// - Throws: What `body` throws.
  public func read<T>(_ body: (Database) throws -> T) throws -> T {
    try queue.read(body)
  }

  private static func prepare(_ queue: DatabaseQueue, file: StoreFile, journal: Journal) throws {
    try queue.writeWithoutTransaction { db in
      var identity = try StoreIdentity(db)
      if try identity == StoreIdentity(application: 0, version: 0) && isEmpty(db) {
        // Written alone and before there is a log, so that even a creation cut short here says whose it is.
        try db.execute(sql: "PRAGMA application_id = \(StoreSchema.applicationID)")
        identity.application = StoreSchema.applicationID
      }
      try identity.check(file)
    }
    try StoreSchema.migrate(queue)
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = \(journal.rawValue)")
      // A log survives a killed process at NORMAL; a power cut may cost the last commits, never the store.
      try db.execute(sql: "PRAGMA synchronous = \(journal == .writeAhead ? "NORMAL" : "FULL")")
      try db.execute(sql: "PRAGMA wal_autocheckpoint = 4096")
      try db.execute(sql: "UPDATE run SET state = 'interrupted' WHERE state = 'running'")
    }
  }

  private static func isEmpty(_ db: Database) throws -> Bool {
    try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
  }
}
