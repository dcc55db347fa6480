import Bytes
import GRDBSQLite
import Queries

/// One compiled statement of a query, with its parameters and its rows.
final class QueryStatement {
  /// The columns' names.
  let columns: [String]
  /// The parameters' names without their sign, each once.
  let parameterNames: [ByteText]

  private let statement: OpaquePointer
  private let connection: ReadOnlyConnection
  private let name: String

  /// Compiles a query's only statement.
  ///
  /// - Throws: `QueryError` if there is none, more than one, one that does more than read, or a
  ///   parameter without a name.
  init(_ query: NamedQuery, on connection: ReadOnlyConnection) throws(QueryError) {
    self.connection = connection
    name = query.name
    let sql = Array(query.sql.utf8)
    if let nul = sql.firstIndex(of: 0) {
      throw .nul(QueryPlace(query: query.name, sql: sql, offset: nul))
    }
    let statement = try Self.compile(sql, of: query, on: connection)
    do throws(QueryError) {
      guard sqlite3_stmt_readonly(statement) != 0 else {
        throw .notReading(QueryPlace(query: query.name, sql: sql, offset: 0), action: "write")
      }
      parameterNames = try Self.names(statement, query: query.name)
    } catch {
      sqlite3_finalize(statement)
      throw error
    }
    self.statement = statement
    columns = (0..<sqlite3_column_count(statement)).map { index in
      sqlite3_column_name(statement, index).map { String(cString: $0) } ?? ""
    }
  }

  deinit { sqlite3_finalize(statement) }

  /// Gives parameters their values; names that the statement does not have are passed over.
  func bind(_ values: [(name: ByteText, value: QueryValue)]) throws(QueryError) {
    for (name, value) in values {
      for sign in [":", "@", "$"] {
        let index = sqlite3_bind_parameter_index(statement, sign + name.text)
        guard index > 0 else { continue }
        let code = value.bind(to: statement, at: index)
        guard code == SQLITE_OK else { throw connection.failure(code, place: place) }
      }
    }
  }

  /// Steps to the next row.
  /// - Returns: Whether there is one.
  func step() throws(QueryError) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw connection.failure(code, place: place)
    }
  }

  /// The values of the current row.
  var values: [QueryValue] {
    (0..<Int32(columns.count)).map { ColumnReader.value(statement, $0) }
  }

  private var place: QueryPlace { QueryPlace(query: name, sql: [], offset: nil) }

  private static func compile(
    _ sql: [UInt8], of query: NamedQuery, on connection: ReadOnlyConnection
  ) throws(QueryError) -> OpaquePointer {
    let first = prepare(sql[...], on: connection)
    guard first.code == SQLITE_OK else {
      let offset = first.offset ?? (connection.refusedAction == nil ? nil : start(of: sql[...]))
      throw connection.failure(
        first.code, place: QueryPlace(query: query.name, sql: sql, offset: offset))
    }
    var end = first.end
    guard let statement = first.statement else {
      // A single `;` or a comment compiles to nothing; SQL may follow.
      guard end < sql.count, end > 0 else { throw .empty(query: query.name) }
      throw .secondStatement(QueryPlace(query: query.name, sql: sql, offset: start(of: sql[end...])))
    }
    while end < sql.count {
      let next = prepare(sql[end...], on: connection)
      guard next.code == SQLITE_OK, next.statement == nil, next.end > end else {
        sqlite3_finalize(next.statement)
        sqlite3_finalize(statement)
        throw .secondStatement(QueryPlace(query: query.name, sql: sql, offset: start(of: sql[end...])))
      }
      end = next.end
    }
    return statement
  }

  /// Compiles the first statement of a part of the text.
  ///
  /// - Returns: SQLite's code, the statement, the index behind it, and the index of an error.
  private static func prepare(
    _ sql: ArraySlice<UInt8>, on connection: ReadOnlyConnection
  ) -> (code: Int32, statement: OpaquePointer?, end: Int, offset: Int?) {
    var text = sql.map { CChar(bitPattern: $0) }
    text.append(0)
    return text.withUnsafeBufferPointer { text in
      let (code, statement, length) = connection.prepare(text)
      let offset = sqlite3_error_offset(connection.handle)
      let end = min(sql.startIndex + length, sql.endIndex)
      return (code, statement, end, offset < 0 ? nil : sql.startIndex + Int(offset))
    }
  }

  /// The first byte that is not white space, a comment or `;`, where a reader would expect the statement.
  private static func start(of sql: ArraySlice<UInt8>) -> Int {
    var rest = sql
    while let byte = rest.first {
      if byte <= UInt8(ascii: " ") || byte == UInt8(ascii: ";") {
        rest = rest.dropFirst()
      } else if rest.starts(with: "--".utf8) {
        rest = rest.drop { $0 != UInt8(ascii: "\n") }
      } else if rest.starts(with: "/*".utf8) {
        rest = rest.dropFirst(2)
        while !rest.isEmpty, !rest.starts(with: "*/".utf8) { rest = rest.dropFirst() }
        rest = rest.dropFirst(2)
      } else {
        break
      }
    }
    return rest.isEmpty ? sql.startIndex : rest.startIndex
  }

  private static func names(_ statement: OpaquePointer, query: String) throws(QueryError) -> [ByteText] {
    var names: [ByteText] = []
    for index in 0..<sqlite3_bind_parameter_count(statement) {
      // `?` has no name, and that of `?1` is a number.
      guard let name = sqlite3_bind_parameter_name(statement, index + 1),
        name.pointee != CChar(bitPattern: UInt8(ascii: "?"))
      else { throw .namelessParameter(query: query) }
      let bare = ByteText(String(cString: name + 1))
      if !names.contains(bare) { names.append(bare) }
    }
    return names
  }
}

/// A statement of clfa's own on a read-only connection, run repeatedly with different values.
final class PreparedStatement {
  private let statement: OpaquePointer
  private let connection: ReadOnlyConnection
  private let place: QueryPlace

  /// Compiles SQL of clfa's own, with parameters `?1`, `?2` and so on.
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

  /// Runs the statement from the beginning, with these values for `?1` and so on, up to its first row.
  ///
  /// - Returns: whether there is a row.
  func start(_ values: [QueryValue]) throws(QueryError) -> Bool {
    sqlite3_reset(statement)
    for (index, value) in values.enumerated() {
      let code = value.bind(to: statement, at: Int32(index + 1))
      guard code == SQLITE_OK else { throw connection.failure(code, place: place) }
    }
    return try step()
  }

  /// Steps to the next row, and returns whether there is one; after the last row the statement is reset.
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

  /// Ends the statement early; a statement that is reset holds no page.
  func reset() { sqlite3_reset(statement) }

  /// A column of the current row.
  subscript(index: Int) -> QueryValue { ColumnReader.value(statement, Int32(index)) }

  /// A column's text; `nil` for NULL.
  func text(_ index: Int) -> String? {
    sqlite3_column_type(statement, Int32(index)) == SQLITE_NULL ? nil : ColumnReader.text(statement, Int32(index))
  }

  /// A column's whole number; 0 if it is not a number.
  func integer(_ index: Int) -> Int64 { sqlite3_column_int64(statement, Int32(index)) }
}

extension QueryValue {
  /// Binds the value to a parameter of a statement, which keeps a copy.
  ///
  /// - Returns: SQLite's code.
  fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
    // SQLite copies what it is given (`SQLITE_TRANSIENT`, a cast that Swift does not import).
    let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    switch self {
    case .null: return sqlite3_bind_null(statement, index)
    case .integer(let value): return sqlite3_bind_int64(statement, index, value)
    case .real(let value): return sqlite3_bind_double(statement, index, value)
    case .text(var text):
      return text.withUTF8 { bytes in
        // An empty buffer has no address, and no address would bind NULL.
        guard let start = bytes.baseAddress, !bytes.isEmpty else {
          return sqlite3_bind_text(statement, index, "", 0, copies)
        }
        return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
          sqlite3_bind_text64(statement, index, $0, sqlite3_uint64(bytes.count), copies, UInt8(SQLITE_UTF8))
        }
      }
    case .blob(let bytes):
      guard !bytes.isEmpty else { return sqlite3_bind_zeroblob(statement, index, 0) }
      return sqlite3_bind_blob64(statement, index, bytes, sqlite3_uint64(bytes.count), copies)
    }
  }
}

/// Reads the columns of a statement's present row.
enum ColumnReader {
  /// A column's value as it is stored.
  static func value(_ statement: OpaquePointer?, _ index: Int32) -> QueryValue {
    switch sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(statement, index))
    case SQLITE_FLOAT: .real(sqlite3_column_double(statement, index))
    case SQLITE_TEXT: .text(text(statement, index))
    case SQLITE_BLOB: .blob(blob(statement, index))
    default: .null
    }
  }

  /// A column's complete text, including NULs; invalid UTF-8 becomes U+FFFD.
  static func text(_ statement: OpaquePointer?, _ index: Int32) -> String {
    guard let start = sqlite3_column_text(statement, index) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, index))
    return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  }

  private static func blob(_ statement: OpaquePointer?, _ index: Int32) -> [UInt8] {
    guard let start = sqlite3_column_blob(statement, index) else { return [] }
    let count = Int(sqlite3_column_bytes(statement, index))
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }
}
