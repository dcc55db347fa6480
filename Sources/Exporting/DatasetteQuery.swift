import Bytes
import Queries

/// A named query as Datasette can ask it.
///
/// Datasette hands every parameter on as text, and one that is not given as an empty text. So each `:name` becomes an
/// expression that takes the default for an empty text, and makes a number of what is to be one.
enum DatasetteQuery {
  /// A query's SQL for Datasette.
  static func sql(_ query: NamedQuery) -> String {
    let bytes = Array(query.sql.utf8)
    let parameters = query.parameters ?? []
    var sql: [UInt8] = []
    for token in SQLTokens.of(bytes) {
      let piece = bytes[token.range]
      let name = String(decoding: piece.dropFirst(), as: UTF8.self)
      let parameter = token.kind == .parameter ? parameters.first { $0.name.hasSameBytes(as: name) } : nil
      if let parameter { sql += Array(expression(parameter).utf8) } else { sql += piece }
    }
    return String(decoding: sql, as: UTF8.self)
  }

  /// What stands for a parameter.
  private static func expression(_ parameter: QueryParameter) -> String {
    let given = "nullif(:\(parameter.name), '')"
    let latest = "(SELECT name FROM run ORDER BY id DESC LIMIT 1)"
    switch parameter.kind {
    case .run:
      // Without a default, an empty text names no run.
      let named = "nullif(\(given), '\(QueryParameter.latest)')"
      return parameter.fallback == nil
        ? "(CASE :\(parameter.name) WHEN '\(QueryParameter.latest)' THEN \(latest) ELSE :\(parameter.name) END)"
        : "coalesce(\(named), \(latest))"
    case .integer: return "CAST(\(orDefault(given, parameter)) AS INTEGER)"
    case .real: return "CAST(\(orDefault(given, parameter)) AS REAL)"
    case .text, .column, .pair, .any:
      return parameter.fallback == nil ? ":\(parameter.name)" : orDefault(given, parameter)
    }
  }

  private static func orDefault(_ given: String, _ parameter: QueryParameter) -> String {
    switch parameter.fallback {
    case nil, .null, .blob: given
    case .integer(let value): "coalesce(\(given), \(value))"
    case .real(let value): "coalesce(\(given), \(value))"
    case .text(let value):
      "coalesce(\(given), '\(value.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))')"
    }
  }
}
