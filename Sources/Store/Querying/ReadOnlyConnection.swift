import GRDB
import GRDBSQLite
import Queries

/// An SQLite connection on which no SQL can write.
///
/// - It is opened with `SQLITE_OPEN_READONLY` and `query_only`.
/// - It has `QueryFunctions` in addition to SQLite's own functions; none of them accesses anything but its arguments.
/// - It cannot attach a database, which also rules out `VACUUM INTO`.
/// - `QueryAuthorizer` allows only reading statements: no transaction, no changed pragma, no `load_extension`, which is
///   off on every connection anyway.
/// - Lengths are limited, so that one value cannot use up all memory.
///
/// SQLite's "defensive" switch can't be set from Swift, as its function takes a variable number of arguments. It would
/// prevent only writes that the rules above already rule out.
final class ReadOnlyConnection {
  let handle: OpaquePointer
  /// The store's path, for errors.
  let path: String
  /// Keeps this process' locks on the file as long as a connection to it exists.
  private let inode: StoreInode?
  /// The connection's owner: GRDB opens it and adds our functions, and then only keeps it.
  private let owner: DatabaseQueue
  private let stop: CancellationToken
  /// Whether an earlier version wrote the store.
  private var isOlder = false
  private let authorizer = QueryAuthorizer()

  /// Opens a connection.
  ///
  /// - Parameters:
  ///   - address: A path or a `file:` address.
  ///   - path: The store's path, for errors.
  ///   - calibration: How predictions are calibrated when they are read; nil for the model's own.
  ///   - shouldStop: Asked every few thousand steps; yes ends the statement as `interrupted`.
  /// - Throws: `QueryError.store` if the file cannot be read.
  init(
    address: String, path: String, calibration: CalibratedPredictions? = nil,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws(QueryError) {
    self.path = path
    inode = StoreInode(path: path, forWriting: false)
    stop = CancellationToken(shouldStop)
    var configuration = Configuration()
    configuration.readonly = true
    configuration.allowsUnsafeTransactions = true
    // Many people quote texts with either kind of quotes, and SQLite's shell accepts both.
    configuration.acceptsDoubleQuotedStringLiterals = true
    configuration.prepareDatabase(QueryFunctions.add(to:))
    if let calibration { configuration.prepareDatabase(calibration.install) }
    do {
      // A path must not be read as a URI, so `StoreFile` makes it absolute.
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
    // This is also the memory in which SQLite sorts before it uses a file.
    try execute("PRAGMA cache_size = -65536")
    stop.install(on: handle)
    // One state of the store, even if a writer changes it meanwhile.
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
    // The owner outlives this object by a moment; the authorizer and the cancellation token do not.
    sqlite3_set_authorizer(handle, nil, nil)
    CancellationToken.remove(from: handle)
  }

  private static let limits: [(Int32, Int32)] = [
    (SQLITE_LIMIT_ATTACHED, 0),
    (SQLITE_LIMIT_LENGTH, 256 << 20),
    (SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
    (SQLITE_LIMIT_WORKER_THREADS, 0),
  ]

  /// Table-valued functions that read. SQLite declares such a table when it is first named, as if it were created,
  /// which the authorizer would reject. It stays declared as long as the connection exists.
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

  /// Runs a statement of clfa's own.
  private func execute(_ sql: String) throws(QueryError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw failure(code, place: QueryPlace(query: sql, sql: [], offset: nil)) }
  }

  /// The first column of a statement of clfa's own.
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

  /// Prepares a user's statement, if the authorizer allows it.
  ///
  /// - Returns: SQLite's code, the statement (`nil` for white space and comments) and the offset of the remaining text.
  func prepare(_ sql: UnsafeBufferPointer<CChar>) -> (code: Int32, statement: OpaquePointer?, end: Int) {
    authorizer.refused = nil
    var statement: OpaquePointer?
    var tail: UnsafePointer<CChar>?
    let code = sqlite3_prepare_v3(
      handle, sql.baseAddress, Int32(clamping: sql.count), 0, &statement, &tail)
    let end = sql.baseAddress.flatMap { start in tail.map { $0 - start } } ?? sql.count
    return (code, statement, end)
  }

  /// The last thing that the authorizer rejected.
  var refusedAction: String? { authorizer.refused }

  /// SQLite's code and message as an error: the store's error if the store is at fault.
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
    case SQLITE_ERROR
    where isOlder
      && ["no such table: ", "no such column: post.repost_group"].contains { message.utf8.starts(with: $0.utf8) }:
      return .olderStore(place, message: message)
    default: return .sqlite(place, message: message)
    }
  }
}

/// Decides, while SQLite compiles a statement, whether the statement only reads.
///
/// It lists what is allowed, so anything new in a later version of SQLite is rejected until it is added here.
final class QueryAuthorizer {
  /// The last thing that the authorizer rejected.
  var refused: String?

  /// Installs this authorizer; it must outlive the connection.
  func install(on handle: OpaquePointer) {
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, _, _ in
        guard let context else { return SQLITE_DENY }
        return Unmanaged<QueryAuthorizer>.fromOpaque(context).takeUnretainedValue()
          .answer(action, first.map { String(cString: $0) }, second.map { String(cString: $0) })
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  private func answer(_ action: Int32, _ first: String?, _ second: String?) -> Int32 {
    let isAllowed =
      switch action {
      case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: true
      case SQLITE_FUNCTION: !Self.refusedFunctions.contains(Self.lowercase(second ?? ""))
      case SQLITE_PRAGMA: Self.isReading(pragma: first ?? "", argument: second)
      default: false
      }
    if isAllowed { return SQLITE_OK }
    refused = Self.words(action, first, second)
    return SQLITE_DENY
  }

  /// Functions that access something outside the database, or pass pointers.
  private static let refusedFunctions: Set<String> = ["load_extension", "fts3_tokenizer"]

  /// Pragmas that describe a schema; their argument names a table or an index.
  private static let describing: Set<String> = [
    "collation_list", "compile_options", "database_list", "foreign_key_check", "foreign_key_list",
    "function_list", "index_info", "index_list", "index_xinfo", "integrity_check", "module_list",
    "pragma_list", "quick_check", "table_info", "table_list", "table_xinfo",
  ]

  /// Pragmas that only read a setting if they have no argument.
  private static let telling: Set<String> = [
    "application_id", "data_version", "encoding", "freelist_count", "journal_mode", "page_count", "page_size",
    "query_only",
    "schema_version", "user_version",
  ]

  private static func isReading(pragma: String, argument: String?) -> Bool {
    let name = lowercase(pragma)
    return describing.contains(name) || (argument == nil && telling.contains(name))
  }

  private static func lowercase(_ name: String) -> String {
    String(
      decoding: name.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 },
      as: UTF8.self)
  }

  private static func words(_ action: Int32, _ first: String?, _ second: String?) -> String {
    let names = [first, second].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " ")
    let verb =
      switch action {
      case SQLITE_INSERT: "insert into"
      case SQLITE_UPDATE: "update"
      case SQLITE_DELETE: "delete from"
      case SQLITE_ATTACH: "attach"
      case SQLITE_DETACH: "detach"
      case SQLITE_PRAGMA: "pragma"
      case SQLITE_FUNCTION: "function"
      case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "transaction"
      case SQLITE_ANALYZE: "analyze"
      case SQLITE_REINDEX: "reindex"
      case SQLITE_ALTER_TABLE: "alter table"
      default: "change the schema:"
      }
    return names.isEmpty ? verb : verb + " " + names
  }
}

/// A function that SQLite calls for each row of a statement, with direct access to the columns: nothing is copied.
///
/// As an aggregate it processes all rows in one step; stepping through single rows would take three times as long.
final class SQLCallback {
  typealias Arguments = UnsafeMutablePointer<OpaquePointer?>

  private let body: (Arguments) -> Void

  private init(_ body: @escaping (Arguments) -> Void) { self.body = body }

  /// Registers a function with a closure, for statements compiled on this connection from now on.
  ///
  /// - Parameters:
  ///   - name: the function's name in SQL.
  ///   - arguments: how many arguments it takes.
  ///   - connection: the connection, which keeps the closure until it closes.
  ///   - body: gets a row's arguments, which are valid until it returns.
  /// - Throws: `QueryError` if SQLite rejects the function.
  static func register(
    _ name: String, arguments: Int32, on connection: ReadOnlyConnection, _ body: @escaping (Arguments) -> Void
  ) throws(QueryError) {
    let callback = Unmanaged.passRetained(SQLCallback(body))
    let code = sqlite3_create_function_v2(
      connection.handle, name, arguments, SQLITE_UTF8, callback.toOpaque(), nil,
      { context, _, arguments in
        guard let arguments, let callback = sqlite3_user_data(context) else { return }
        Unmanaged<SQLCallback>.fromOpaque(callback)._withUnsafeGuaranteedRef { $0.body(arguments) }
      },
      { context in sqlite3_result_null(context) },
      { callback in callback.map { Unmanaged<SQLCallback>.fromOpaque($0).release() } })
    guard code == SQLITE_OK else {
      throw connection.failure(code, place: QueryPlace(query: name, sql: [], offset: nil))
    }
  }
}
