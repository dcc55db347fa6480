public import Queries

/// What ends a query: facts only, their words are in `QueryError+Words.swift`.
public enum QueryError: Error, Sendable {
  /// The store cannot be read, or has no such run.
  case store(StoreError)
  /// The arguments do not fit the query's parameters.
  case arguments(QueryArgumentError)
  /// The text has no statement in it.
  case empty(query: String)
  /// The text holds a NUL, behind which SQLite would read nothing.
  case nul(QueryPlace)
  /// A parameter names a column that no post has.
  case unknownColumn(String, known: [String])
  /// The query needs what its run cannot tell.
  case cannotTell(QueryNeed, run: String, query: String)
  /// Something stands behind the first statement.
  case secondStatement(QueryPlace)
  /// The statement would do more than read; `action` is what SQLite calls it.
  case notReading(QueryPlace, action: String)
  /// A parameter without a name, such as `?`.
  case namelessParameter(query: String)
  /// SQLite refuses the statement or gave up on it, in its own words.
  case sqlite(QueryPlace, message: String)
  /// The store lacks what an earlier version did not make.
  case olderStore(QueryPlace, message: String)
  /// The caller asked to stop.
  case interrupted
}

/// A place in a query's text.
public struct QueryPlace: Equatable, Sendable {
  /// The query's name.
  public var query: String
  /// The line and the column in bytes, both from 1; `nil` where SQLite does not say.
  public var position: Position?

  /// A line and a column, both from 1.
  public struct Position: Equatable, Sendable {
    /// The line.
    public var line: Int
    /// The column in bytes.
    public var column: Int
  }

  /// The place of a byte.
  init(query: String, sql: [UInt8], offset: Int?) {
    self.query = query
    guard let offset, offset >= 0, offset <= sql.count else { return }
    let before = sql[..<offset]
    let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    position = Position(line: line, column: offset - lineStart + 1)
  }
}
