import GRDBSQLite
import Queries

/// Decides, while SQLite compiles a statement, what the statement may do: read, and nothing else.
///
/// It lists what is allowed, so what later versions of SQLite learn is refused until it is listed here.
final class QueryAuthorizer {
  /// What the last refusal was about.
  var refused: String?

  /// Makes SQLite ask this authorizer from now on; it must outlive the connection.
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

  /// Functions that reach outside the database or hold pointers.
  private static let refusedFunctions: Set<String> = ["load_extension", "fts3_tokenizer"]

  /// Pragmas that describe a schema; the argument names a table or an index.
  private static let describing: Set<String> = [
    "collation_list", "compile_options", "database_list", "foreign_key_check", "foreign_key_list",
    "function_list", "index_info", "index_list", "index_xinfo", "integrity_check", "module_list",
    "pragma_list", "quick_check", "table_info", "table_list", "table_xinfo",
  ]

  /// Pragmas that tell a setting as long as they have no argument.
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
