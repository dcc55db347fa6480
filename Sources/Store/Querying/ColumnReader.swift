import GRDBSQLite
import Queries

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

  /// A column's text to its last byte, NULs included; what is not UTF-8 becomes U+FFFD.
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
