import Bytes
import Queries

/// A `.sql` file with the header of a named query.
enum QueryFuzzing {
  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try checkTokens(of: bytes)
    let sql = String(decoding: bytes, as: UTF8.self)
    return try BrokenPromise.accepts {
      let own = try query(sql) { sql throws(QueryHeaderError) in
        try NamedQuery.own(name: "query", file: "query.sql", sql: sql)
      }
      _ = try BrokenPromise.accepts { _ = try own.parameters?.bindings(for: [], of: own.name) }
      let named = try query(sql) { sql throws(QueryHeaderError) in
        try NamedQuery(name: "query", file: "query.sql", sql: sql)
      }
      try BrokenPromise.unless(!named.summary.isEmpty, "a named query without a summary")
      try BrokenPromise.unless(
        ByteText(named.summary) == ByteText(own.summary)
          && named.parameters?.map(\.name) == own.parameters?.map(\.name),
        "the header says one thing where it is required and another where it is not")
    }
  }

  /// A query, or an error that names one of its lines.
  private static func query(
    _ sql: String, _ read: (String) throws(QueryHeaderError) -> NamedQuery
  ) throws -> NamedQuery {
    do throws(QueryHeaderError) { return try read(sql) } catch {
      let lines = sql.utf8.count { $0 == UInt8(ascii: "\n") } + 1
      try BrokenPromise.unless((1...lines).contains(error.line), "line \(error.line) of \(lines)")
      throw error
    }
  }

  /// The pieces must join to the whole SQL.
  private static func checkTokens(of bytes: [UInt8]) throws(BrokenPromise) {
    var end = 0
    for token in SQLTokens.of(bytes) {
      try BrokenPromise.unless(token.range.lowerBound == end && !token.range.isEmpty, "a gap at byte \(end)")
      end = token.range.upperBound
    }
    try BrokenPromise.unless(end == bytes.count, "pieces of \(end) of \(bytes.count) bytes")
  }
}
