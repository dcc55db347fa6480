import GRDBSQLite

/// A function that SQLite calls for each row of a statement, with its columns where SQLite has them: nothing is copied.
///
/// As an aggregate it takes all rows in one step, which a row at a time would take three times as long for.
final class SQLCallback {
  typealias Arguments = UnsafeMutablePointer<OpaquePointer?>

  private let body: (Arguments) -> Void

  private init(_ body: @escaping (Arguments) -> Void) { self.body = body }

  /// Makes a name call a closure in statements of a connection that are compiled from now on.
  ///
  /// - Parameters:
  ///   - name: the function's name in SQL.
  ///   - arguments: how many arguments it takes.
  ///   - connection: the connection, which keeps the closure until it closes.
  ///   - body: gets a row's arguments, which are valid until it returns.
  /// - Throws: `QueryError` where SQLite refuses.
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
