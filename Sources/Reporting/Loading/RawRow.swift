import GRDB
import GRDBSQLite

/// The present row of a statement, its columns as SQLite holds them: nothing is copied, which a million rows notice.
///
/// A value of another type counts as none, as in the rest of what is only shown.
struct RawRow {
  private let statement: OpaquePointer

  /// The row on which a cursor over this statement stands; what it gives out ends with the next step.
  init(_ statement: Statement) { self.statement = statement.sqliteStatement }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  /// A column's whole number; 0 where it is none.
  func integer(_ column: Int32) -> Int64 {
    sqlite3_column_type(statement, column) == SQLITE_INTEGER ? sqlite3_column_int64(statement, column) : 0
  }

  /// A column's finite number.
  func number(_ column: Int32) -> Double? {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER, SQLITE_FLOAT:
      let value = sqlite3_column_double(statement, column)
      return value.isFinite ? value : nil
    default: return nil
    }
  }

  /// The bytes of a column's text. SQLite puts a zero after the last.
  func bytes(_ column: Int32) -> UnsafeBufferPointer<UInt8>? {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT,
      let start = sqlite3_column_text(statement, column)
    else { return nil }
    return UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column)))
  }

  /// A column's text.
  func text(_ column: Int32) -> String? { bytes(column).map { String(decoding: $0, as: UTF8.self) } }
}
