import Bytes

/// A question in SQL with a name, a summary and typed parameters.
///
/// A `.sql` file says them in the comment it begins with:
///
///     -- least-certain: Posts the model is least sure of.
///     -- @run run = latest   the run to look at
///     -- @limit integer = 20 how many posts
///     SELECT …
///
/// The first line gives the file's name without `.sql` and a summary, which may go on over further
/// lines. A parameter is `@name type`, then `= default` unless a value must be given, then what it is
/// for. A default with blanks stands in single quotes; `null` makes the parameter optional. In SQL the parameter is
/// `:name`. A line `@needs confidence` keeps the query from runs that cannot tell how sure their system was. A comment
/// behind the parameters is only a comment.
public struct NamedQuery: Sendable {
  /// The name: the file's, without `.sql`.
  public let name: String
  /// What it answers; empty for plain SQL without a header.
  public let summary: String
  /// The parameters in the header's order; `nil` for plain SQL, which takes whatever `:name` it names.
  public let parameters: [QueryParameter]?
  /// What its runs must be able to tell.
  public let needs: [QueryNeed]
  /// The whole text, header included, with shared parts (``QueryParts``) in their places.
  public let sql: String

  /// Reads a query that must have a header, such as one compiled in.
  ///
  /// - Throws: `QueryHeaderError` with file and line.
  public init(name: String, file: String, sql: String) throws(QueryHeaderError) {
    let header = try QueryHeader(name: name, file: file, sql: sql, isRequired: true)
    self.init(name: name, header: header, sql: QueryParts.expanded(sql))
  }

  /// Reads somebody's own SQL, with a header or without.
  ///
  /// - Parameters:
  ///   - name: The file's name without `.sql`.
  ///   - file: The file's name, for errors.
  ///   - sql: The text.
  /// - Returns: The query.
  /// - Throws: `QueryHeaderError` where a header is there but wrong.
  public static func own(name: String, file: String, sql: String) throws(QueryHeaderError) -> NamedQuery {
    NamedQuery(
      name: name, header: try QueryHeader(name: name, file: file, sql: sql, isRequired: false), sql: sql)
  }

  private init(name: String, header: QueryHeader, sql: String) {
    self.name = name
    self.summary = header.summary
    self.parameters = header.parameters
    needs = header.needs
    self.sql = sql
  }

  /// The queries that are compiled in, by name.
  public static var all: [NamedQuery] {
    get throws(QueryHeaderError) {
      var queries: [NamedQuery] = []
      for (name, bytes) in embedded {
        let sql = String(decoding: bytes, as: UTF8.self)
        queries.append(try NamedQuery(name: name, file: "\(name).sql", sql: sql))
      }
      return queries
    }
  }

  /// The query of a name.
  ///
  /// - Throws: `QueryArgumentError.unknownQuery` with the names there are.
  public static func named(_ name: String, in queries: [NamedQuery]) throws(QueryArgumentError) -> NamedQuery {
    guard let query = queries.first(where: { $0.name.hasSameBytes(as: name) }) else {
      throw .unknownQuery(name, known: queries.map(\.name))
    }
    return query
  }
}
