import GRDBSQLite
import Queries

/// A statement of ours on a connection that reads, run again and again with other values.
final class OwnStatement {
  private let statement: OpaquePointer
  private let connection: ReadOnlyConnection
  private let place: QueryPlace

  /// Compiles SQL of ours, with parameters `?1`, `?2` and so on.
  init(_ sql: String, on connection: ReadOnlyConnection) throws(QueryError) {
    place = QueryPlace(query: sql, sql: [], offset: nil)
    self.connection = connection
    let (code, statement) = sql.utf8CString.withUnsafeBufferPointer { text in
      let (code, statement, _) = connection.prepare(text)
      return (code, statement)
    }
    guard code == SQLITE_OK, let statement else { throw connection.failure(code, place: place) }
    self.statement = statement
  }

  deinit { sqlite3_finalize(statement) }

  /// Runs the statement from its start, with these values for `?1` and so on, to its first row.
  ///
  /// - Returns: whether there is a row.
  func start(_ values: [QueryValue]) throws(QueryError) -> Bool {
    sqlite3_reset(statement)
    for (index, value) in values.enumerated() {
      let code = bind(Int32(index + 1), value)
      guard code == SQLITE_OK else { throw connection.failure(code, place: place) }
    }
    return try step()
  }

  /// Goes to the next row, and says whether there is one; after the last row the statement rests.
  func step() throws(QueryError) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(statement)
      return false
    case let code:
      let error = connection.failure(code, place: place)
      sqlite3_reset(statement)
      throw error
    }
  }

  /// Ends a run early; a statement that rests holds no page.
  func rest() { sqlite3_reset(statement) }

  /// A column of the present row.
  subscript(index: Int) -> QueryValue { ColumnReader.value(statement, Int32(index)) }

  /// A column's text; `nil` for NULL.
  func text(_ index: Int) -> String? {
    sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL ? nil : ColumnReader.text(statement, Int32(index))
  }

  /// A column's whole number, 0 where it is none.
  func integer(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }

  private func bind(_ index: Int32, _ value: QueryValue) -> Int32 {
    // SQLite copies what it is given (`SQLITE_TRANSIENT`, a cast that Swift does not import).
    let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch value {
    case .null: return sqlite3_bind_null(statement, index)
    case .integer(let value): return sqlite3_bind_int64(statement, index, value)
    case .real(let value): return sqlite3_bind_double(statement, index, value)
    case .text(let text):
      return text.withCString { sqlite3_bind_text(statement, index, $0, Int32(clamping: text.utf8.count), copies) }
    case .blob(let bytes):
      return sqlite3_bind_blob64(statement, index, bytes, sqlite3_uint64(bytes.count), copies)
    }
  }
}
