import GRDB
import GRDBSQLite
import Queries

/// An SQLite connection that can only read, whatever it is asked.
///
/// - It is opened `SQLITE_OPEN_READONLY` and set `query_only`.
/// - It knows `QueryFunctions` beside SQLite's own functions; none of them reaches outside its arguments.
/// - It can attach nothing, which also rules out `VACUUM INTO`.
/// - `QueryAuthorizer` lets reading statements through and nothing else: no transaction, no setting of a
///   pragma, no `load_extension`, which is off on every connection anyway.
/// - Lengths are limited, so that one value cannot take all memory.
///
/// SQLite's "defensive" switch can't be set from Swift, as its function takes a variable number of
/// arguments; it guards against writes that none of the above lets through.
final class ReadOnlyConnection {
  let handle: OpaquePointer
  /// The store's path, for errors.
  let path: String
  /// Keeps the locks of this process on the file while there is a connection to it.
  private let inode: StoreInode?
  /// The connection's owner: GRDB opens it and gives it our functions, and then only keeps it.
  private let owner: DatabaseQueue
  private let stop: StopSignal
  /// Whether an earlier version wrote the store.
  private var isOlder = false
  private let authorizer = QueryAuthorizer()

  /// Opens a connection.
  ///
  /// - Parameters:
  ///   - address: A path or a `file:` address.
  ///   - path: The store's path, for errors.
  ///   - shouldStop: Asked every few thousand steps; yes ends the statement as `interrupted`.
  /// - Throws: `QueryError.store` where the file cannot be read.
  init(address: String, path: String, shouldStop: @escaping @Sendable () -> Bool) throws(QueryError) {
    self.path = path
    inode = StoreInode(path: path, forWriting: false)
    stop = StopSignal(shouldStop)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.allowsUnsafeTransactions = true
    // People write texts in either quotes, and SQLite's shell takes them.
    configuration.acceptsDoubleQuotedStringLiterals = true
    configuration.prepareDatabase(QueryFunctions.add(to:))
    do {
      // A path must not be taken for an address, which is why it is made absolute by `StoreFile`.
      owner = try DatabaseQueue(path: address, configuration: configuration)
    } catch {
      throw .store(StoreError(error, store: path, isReading: true))
    }
    guard let handle = owner.unsafeReentrantRead(\.sqliteConnection) else {
      throw .store(.cannotOpen(path: path, reason: "its connection is closed"))
    }
    self.handle = handle
    sqlite3_busy_timeout(handle, 10_000)
    for (limit, value) in Self.limits { sqlite3_limit(handle, limit, value) }
    try execute("PRAGMA query_only = 1")
    try execute("PRAGMA cell_size_check = 1")
    // Also what SQLite sorts in before it writes to a file.
    try execute("PRAGMA cache_size = -65536")
    stop.install(on: handle)
    // One state of the store, whatever a writer does meanwhile.
    try execute("BEGIN")
    for name in Self.tableFunctions { try connect(tableFunction: name) }
    // A store of an earlier version has no index of words yet.
    isOlder = try texts("PRAGMA user_version") != ["\(StoreSchema.version)"]
    SearchFunctions.add(to: handle, stop: stop)
    if try !texts("SELECT 1 FROM sqlite_schema WHERE name = 'post_search'").isEmpty {
      try connect(tableFunction: "post_search")
    }
    authorizer.install(on: handle)
  }

  deinit {
    // Its owner outlives us by a moment, the authorizer and the signal do not.
    sqlite3_set_authorizer(handle, nil, nil)
    StopSignal.remove(from: handle)
  }

  private static let limits: [(Int32, Int32)] = [
    (SQLITE_LIMIT_ATTACHED, 0),
    (SQLITE_LIMIT_LENGTH, 256 << 20),
    (SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]

  /// Table-valued functions that read. SQLite declares such a table when it is first named, as if it were
  /// created, which the authorizer would refuse; it stays declared as long as the connection.
  private static let tableFunctions = [
    "json_each", "json_tree", "pragma_table_info", "pragma_table_xinfo", "pragma_table_list",
    "pragma_index_list", "pragma_index_info", "pragma_index_xinfo", "pragma_foreign_key_list",
    "pragma_function_list", "pragma_compile_options",
  ]

  /// Names a virtual table, for the same reason.
  private func connect(tableFunction name: String) throws(QueryError) {
    var statement: OpaquePointer?
    let sql = "SELECT 1 FROM \(name)"
    let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    sqlite3_finalize(statement)
    guard code == SQLITE_OK else { throw failure(code, place: QueryPlace(query: sql, sql: [], offset: nil)) }
  }

  /// Runs a statement of ours.
  private func execute(_ sql: String) throws(QueryError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, place: QueryPlace(query: sql, sql: [], offset: nil)) }
  }

  /// The first column of a statement of ours.
  func texts(_ sql: String) throws(QueryError) -> [String] {
    let place = QueryPlace(query: sql, sql: [], offset: nil)
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    defer { sqlite3_finalize(statement) }
    guard code == SQLITE_OK else { throw failure(code, place: place) }
    var texts: [String] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: texts.append(ColumnReader.text(statement, 0))
      case SQLITE_DONE: return texts
      case let code: throw failure(code, place: place)
      }
    }
  }

  /// Prepares somebody's statement, if the authorizer lets it through.
  ///
  /// - Returns: SQLite's code, the statement (`nil` for blanks and comments) and where the text goes on.
  func prepare(_ sql: UnsafeBufferPointer<CChar>) -> (code: Int32, statement: OpaquePointer?, end: Int) {
    authorizer.refused = nil
    var statement: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    let code = sqlite3_prepare_v3(
      handle, sql.baseAddress, Int32(clamping: sql.count), 0, &statement, &tail)
    let end = sql.baseAddress.flatMap { start in tail.map { $0 - start } } ?? sql.count
    return (code, statement, end)
  }

  /// What the last refusal of the authorizer was about.
  var refusedAction: String? { authorizer.refused }

  /// SQLite's code and message as an error: the store's where the store is at fault.
  func failure(_ code: Int32, place: QueryPlace) -> QueryError {
    let message = String(cString: sqlite3_errmsg(handle))
    switch code & 0xFF {
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_AUTH where authorizer.refused != nil, SQLITE_ERROR where authorizer.refused != nil:
      return .notReading(place, action: authorizer.refused ?? message)
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_BUSY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_FULL,
      SQLITE_LOCKED:
      return .store(
        StoreError(
          DatabaseError(resultCode: ResultCode(rawValue: code), message: message), store: path, isReading: true))
    case SQLITE_ERROR where isOlder && message.utf8.starts(with: "no such table: ".utf8):
      return .olderStore(place, message: message)
    default: return .sqlite(place, message: message)
    }
  }
}
