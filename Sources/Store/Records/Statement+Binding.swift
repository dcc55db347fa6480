import Bytes
import Foundation
import GRDB
import GRDBSQLite

// A store is written row by row, and GRDB's arguments would take more time than SQLite itself.
extension Statement {
  /// Runs a statement that changes the store.
  /// - Parameter bind: Adds the values of the parameters, in their order.
  /// - Throws: `DatabaseError`.
  func run(_ bind: (inout StatementBindings) -> Void) throws {
    try start(bind)
    let code = sqlite3_step(sqliteStatement)
    let error = code == SQLITE_DONE || code == SQLITE_ROW ? nil : failure()
    sqlite3_reset(sqliteStatement)
    if let error { throw error }
  }

  /// Reads the first row of a query.
  /// - Parameters:
  ///   - bind: Adds the values of the parameters, in their order.
  ///   - read: Reads the row; its texts are valid only there.
  /// - Returns: What `read` returns; `nil` if there is no row.
  /// - Throws: `DatabaseError`, and what `read` throws.
  func first<Result>(
    _ bind: (inout StatementBindings) -> Void, _ read: (StatementColumns) throws -> Result
  ) throws -> Result? {
    try start(bind)
    defer { sqlite3_reset(sqliteStatement) }
    switch sqlite3_step(sqliteStatement) {
    case SQLITE_ROW: return try read(StatementColumns(statement: sqliteStatement))
    case SQLITE_DONE: return nil
    default: throw failure()
    }
  }

  /// Gives every row of a query to `body`, which may run other statements.
  func forEach(_ bind: (inout StatementBindings) -> Void, _ body: (StatementColumns) throws -> Void) throws {
    try start(bind)
    defer { sqlite3_reset(sqliteStatement) }
    while true {
      switch sqlite3_step(sqliteStatement) {
      case SQLITE_ROW: try body(StatementColumns(statement: sqliteStatement))
      case SQLITE_DONE: return
      default: throw failure()
      }
    }
  }

  /// Whether a query has a row.
  func hasRow(_ bind: (inout StatementBindings) -> Void) throws -> Bool { try first(bind) { _ in true } ?? false }

  private func start(_ bind: (inout StatementBindings) -> Void) throws {
    var bindings = StatementBindings(statement: sqliteStatement)
    bind(&bindings)
    precondition(bindings.count == sqlite3_bind_parameter_count(sqliteStatement), "A parameter has no value.")
    if bindings.code != SQLITE_OK { throw failure() }
  }

  private func failure() -> DatabaseError {
    let connection = sqlite3_db_handle(sqliteStatement)
    return DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
      message: String(cString: sqlite3_errmsg(connection)))
  }
}

/// The values of a statement's parameters, added one after the other.
struct StatementBindings {
  fileprivate let statement: OpaquePointer
  fileprivate(set) var count: Int32 = 0
  /// The first code that was not `SQLITE_OK`.
  fileprivate(set) var code = SQLITE_OK

  fileprivate init(statement: OpaquePointer) { self.statement = statement }

  private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  private mutating func note(_ code: Int32) {
    if self.code == SQLITE_OK { self.code = code }
  }

  mutating func add(_ value: Int64) {
    count += 1
    note(sqlite3_bind_int64(statement, count, value))
  }

  mutating func add(_ value: Int) { add(Int64(value)) }

  mutating func add(_ value: Bool) { add(value ? 1 as Int64 : 0) }

  mutating func add(_ value: Double?) {
    count += 1
    note(value.map { sqlite3_bind_double(statement, count, $0) } ?? sqlite3_bind_null(statement, count))
  }

  mutating func add(_ value: Int64?) {
    guard let value else { return addNull() }
    add(value)
  }

  mutating func add(_ value: String?) {
    guard var value else { return addNull() }
    count += 1
    let code = value.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { text in
        // An empty text has no address, but is not NULL.
        sqlite3_bind_text(statement, count, text.baseAddress ?? Self.empty, Int32(clamping: text.count), Self.copied)
      }
    }
    note(code)
  }

  mutating func add(_ value: ByteText?) { add(value?.text) }

  mutating func add(_ value: Data) {
    count += 1
    let code = value.withUnsafeBytes { bytes in
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(statement, count, 0)
        : sqlite3_bind_blob(statement, count, bytes.baseAddress, Int32(clamping: bytes.count), Self.copied)
    }
    note(code)
  }

  /// Adds columns of another statement's present row as they are.
  mutating func add(_ columns: Range<Int32>, of row: StatementColumns) {
    for column in columns {
      count += 1
      note(sqlite3_bind_value(statement, count, sqlite3_column_value(row.statement, column)))
    }
  }

  private mutating func addNull() {
    count += 1
    note(sqlite3_bind_null(statement, count))
  }

  /// One byte of zero, at an address that stays.
  nonisolated(unsafe) private static let empty: UnsafePointer<CChar> = {
    let byte = UnsafeMutablePointer<CChar>.allocate(capacity: 1)
    byte.initialize(to: 0)
    return UnsafePointer(byte)
  }()
}

/// The columns of a statement's present row. A value of another type than that of the schema is an error.
struct StatementColumns {
  fileprivate let statement: OpaquePointer

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func integer(_ column: Int32) throws -> Int64 {
    guard sqlite3_column_type(statement, column) == SQLITE_INTEGER else { throw damage(column) }
    return sqlite3_column_int64(statement, column)
  }

  func text(_ column: Int32) throws -> String {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT, let start = sqlite3_column_text(statement, column)
    else { throw damage(column) }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  func real(_ column: Int32) throws -> Double {
    guard sqlite3_column_type(statement, column) == SQLITE_FLOAT else { throw damage(column) }
    return sqlite3_column_double(statement, column)
  }

  func data(_ column: Int32) throws -> Data {
    guard sqlite3_column_type(statement, column) == SQLITE_BLOB else { throw damage(column) }
    let count = Int(sqlite3_column_bytes(statement, column))
    return sqlite3_column_blob(statement, column).map { Data(bytes: $0, count: count) } ?? Data()
  }

  func optionalText(_ column: Int32) throws -> String? { isNull(column) ? nil : try text(column) }

  private func damage(_ column: Int32) -> DamagedRow {
    DamagedRow(column: sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "value")
  }
}
