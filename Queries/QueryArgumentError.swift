import Bytes

/// An error in the arguments of a query.
package enum QueryArgumentError: Error, Sendable {
  /// A text that is not `name=value`.
  case notAnAssignment(String)
  /// A name that the query has no parameter for.
  case unknownParameter(String, query: String, parameters: [QueryParameter])
  /// Parameters without a value or a default.
  case missing([String], query: String, parameters: [QueryParameter])
  /// Names in the SQL that the query's header does not declare.
  case undeclared([String], query: String)
  /// A name was given twice.
  case repeated(String)
  /// A value of another type than its parameter's.
  case wrongKind(QueryParameter, text: String)
  /// Neither a name nor SQL was given.
  case noQuery(known: [String])
  /// One of each group of reposts was asked of a user's own SQL.
  case ownSQLIsNotDistinct
  /// One of each group of reposts was asked of a query that lists rows or faults, not posts.
  case listsAllRows(String)
  /// No query has the name.
  case unknownQuery(String, known: [String])
}

extension QueryArgumentError: CustomStringConvertible {
  /// The message: the problem and the correct form.
  package var description: String {
    switch self {
    case .notAnAssignment(let text):
      return "\"\(text.printable)\" is not a parameter; give parameters as name=value, for example limit=5"
    case .unknownParameter(let name, let query, let parameters):
      let hint = DidYouMean.hint(for: name, in: parameters.map(\.name.text))
      return "query \(query.printable) has no parameter \"\(name.printable)\"\(hint); "
        + Self.list(parameters)
    case .missing(let names, let query, let parameters):
      let wanted = names.map { "\($0.printable)=…" }.joined(separator: " ")
      return "query \(query.printable) needs \(wanted); " + Self.list(parameters)
    case .undeclared(let names, let query):
      let used = names.map { ":\($0.printable)" }.joined(separator: ", ")
      return "query \(query.printable) uses \(used), and its header does not declare it; add a line such as "
        + "-- @\(names.first?.printable ?? "name") text"
    case .repeated(let name):
      return "parameter \"\(name.printable)\" is given twice; give it once"
    case .wrongKind(let parameter, let text):
      return "\(parameter.name.printable)=\(text.printable) is not \(parameter.kind.phrase); "
        + "give \(parameter.kind.example)"
    case .noQuery(let known):
      return "no query was given: give SQL, a file ending in .sql, or one of " + known.joined(separator: ", ")
    case .ownSQLIsNotDistinct:
      return "SQL of your own chooses its posts itself; for one post of each group of reposts in the latest run, add "
        + "WHERE post_id IN (SELECT post_id FROM distinct_post)"
    case .listsAllRows(let query):
      return "query \(query.printable) is about all rows, whether or not they are reposts; ask it without this option"
    case .unknownQuery(let name, let known):
      let hint = DidYouMean.hint(for: name, in: known)
      return "no query is named \"\(name.printable)\"\(hint); the named ones are "
        + known.joined(separator: ", ") + "; a file of your own ends in .sql"
    }
  }

  private static func list(_ parameters: [QueryParameter]) -> String {
    guard !parameters.isEmpty else { return "it takes no parameters" }
    return "it takes " + parameters.map(\.signature).joined(separator: ", ")
  }
}

extension QueryParameter {
  /// The parameter as shown in lists: `limit (integer, default 20)`.
  package var signature: String {
    let kind = kind == .any ? "any value" : kind.rawValue
    guard let defaultValue else { return "\(name.printable) (\(kind), required)" }
    return "\(name.printable) (\(kind), \(Self.words(for: defaultValue)))"
  }

  private static func words(for defaultValue: QueryValue) -> String {
    switch defaultValue {
    case .null, .blob: "optional"
    case .integer(let value): "default \(value)"
    case .real(let value): "default \(value)"
    case .text(let value): value.isEmpty ? "default empty" : "default \(value.printable)"
    }
  }
}

extension QueryParameter.Kind {
  /// The type in words.
  fileprivate var phrase: String {
    switch self {
    case .integer: "a 64-bit integer"
    case .real: "a finite decimal number"
    case .text: "text"
    case .run: "the name of a run"
    case .column: "the name of a column"
    case .pair: "a way to pair posts"
    case .any: "a value"
    }
  }

  /// An example of a valid value, for a message.
  fileprivate var example: String {
    switch self {
    case .integer: "digits alone, such as 20"
    case .real: "a number such as 0.5"
    case .text, .any: "any text"
    case .run: "a run's name, or latest"
    case .column: "a column of the corpus"
    case .pair: PostPairing.allCases.map(\.rawValue).joined(separator: " or ")
    }
  }
}
