import Bytes
import Queries

extension QueryError: CustomStringConvertible {
  /// What is wrong and what mends it.
  public var description: String {
    switch self {
    case .store(let error): error.description
    case .arguments(let error): error.description
    case .empty(let query): "\(query.printable) holds no SQL; write one SELECT"
    case .nul(let place): "\(place): the text holds a NUL character; remove it"
    case .unknownColumn(let name, let known):
      "no column is called \"\(name.printable)\"\(DidYouMean.hint(for: name, in: known)); there are "
        + known.listed(most: 40)
    case .cannotTell(.confidence, let run, let query):
      "run \(run.printable) has labels but no confidences, or none but 1, so \(query.printable) has nothing to go by; "
        + "name another run with run=NAME, or import predictions with a confidence or with probabilities"
    case .olderStore(let place, let message):
      "\(place): \(message.printable); the store is of an earlier clfa, and becomes a present one when it is next written: "
        + "clfa forget STORE /dev/null does only that"
    case .secondStatement(let place):
      "\(place): a query is one statement, and another begins here; ask it by itself"
    case .notReading(let place, let action):
      "\(place): a query only reads, and this would do more (\(action.printable)); write a SELECT"
    case .namelessParameter(let query):
      "\(query.printable) has a parameter without a name; write it as :name and give name=value"
    case .sqlite(let place, let message):
      "\(place): \(message.printable)" + Self.hint(for: message)
    case .interrupted: "interrupted; nothing was changed, so ask again at any time"
    }
  }

  private static func hint(for message: String) -> String {
    if message.utf8.starts(with: "fts5: ".utf8) || message.utf8.starts(with: "unterminated string".utf8) {
      return "; words with signs stand in double quotes: 'words=\"don''t\"'"
    }
    guard message.utf8.starts(with: "no such ".utf8) else { return "" }
    return "; the store's tables and columns: clfa query STORE --sql \"select sql from sqlite_schema\""
  }
}

extension QueryPlace: CustomStringConvertible {
  /// The place as compilers write it.
  public var description: String {
    guard let position else { return query.printable }
    return "\(query.printable):\(position.line):\(position.column)"
  }
}
