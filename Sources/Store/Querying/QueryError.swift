import Bytes
package import Queries

/// Why a query fails.
package enum QueryError: Error, Sendable {
  /// The store cannot be read, or does not have the run.
  case store(StoreError)
  /// The arguments do not fit the query's parameters.
  case arguments(QueryArgumentError)
  /// The text contains no statement.
  case empty(query: String)
  /// The text contains a NUL, after which SQLite would read nothing.
  case nul(QueryPlace)
  /// A parameter names a column that no post has.
  case unknownColumn(String, known: [String])
  /// The query needs data that its run does not have.
  case cannotTell(QueryRequirement, run: String, query: String)
  /// There is text after the first statement.
  case secondStatement(QueryPlace)
  /// The statement would do more than read; `action` is SQLite's name for it.
  case notReading(QueryPlace, action: String)
  /// A parameter without a name, such as `?`.
  case namelessParameter(query: String)
  /// SQLite rejects or cannot run the statement; the message is SQLite's own.
  case sqlite(QueryPlace, message: String)
  /// The store lacks something that an earlier version did not create.
  case olderStore(QueryPlace, message: String)
  /// The caller asked to stop.
  case interrupted
}

/// A place in a query's text.
package struct QueryPlace: Equatable, Sendable {
  /// The query's name.
  package var query: String
  /// The line and the column in bytes, both from 1; `nil` if SQLite does not say.
  package var position: Position?

  /// A line and a column, both from 1.
  package struct Position: Equatable, Sendable {
    /// The line.
    package var line: Int
    /// The column in bytes.
    package var column: Int
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

extension QueryError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .store(let error): error.description
    case .arguments(let error): error.description
    case .empty(let query): "\(query.printable) holds no SQL; write one SELECT"
    case .nul(let place): "\(place): the text holds a NUL character; remove it"
    case .unknownColumn(let name, let known):
      "no column is called \"\(name.printable)\"\(DidYouMean.hint(for: name, in: known)); there are "
        + known.listed(most: 40)
    case .cannotTell(.confidence, let run, let query):
      "run \(run.printable) has labels but no confidences, or all of them are 1, so \(query.printable) cannot rank its posts; "
        + "name another run with run=NAME, or import predictions with a confidence or with probabilities"
    case .olderStore(let place, let message):
      "\(place): \(message.printable); the store was made by an earlier clfa and is brought up to date when it is next "
        + "written: clfa forget STORE /dev/null does only that"
    case .secondStatement(let place):
      "\(place): a query is one statement, and another begins here; run it as a query of its own"
    case .notReading(let place, let action):
      "\(place): a query may only read, and this would do more (\(action.printable)); write a SELECT"
    case .namelessParameter(let query):
      "\(query.printable) has a parameter without a name; write it as :name and give name=value"
    case .sqlite(let place, let message):
      "\(place): \(message.printable)" + Self.hint(for: message)
    case .interrupted: "interrupted; nothing was changed, so ask again at any time"
    }
  }

  private static func hint(for message: String) -> String {
    if message.utf8.starts(with: "fts5: ".utf8) || message.utf8.starts(with: "unterminated string".utf8) {
      return "; put words with punctuation in double quotes: 'words=\"don''t\"'"
    }
    return ""
  }
}

extension QueryPlace: CustomStringConvertible {
  /// The place as compilers write it.
  package var description: String {
    guard let position else { return query.printable }
    return "\(query.printable):\(position.line):\(position.column)"
  }
}
