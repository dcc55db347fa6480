/// What can be wrong with the header of a `.sql` file.
public struct QueryHeaderError: Error, Sendable {
  /// The kinds of trouble.
  public enum Reason: Sendable {
    /// The first line is not `-- name: summary`.
    case noName(expected: String)
    /// The summary is empty.
    case noSummary
    /// A parameter line without a name made of `a-z`, `0-9` and `_`.
    case badParameterName
    /// A word that is no type.
    case unknownKind(String)
    /// A default that is not of its parameter's type, or has no closing quote.
    case badDefault(String, QueryParameter.Kind)
    /// A name that an earlier line declares.
    case repeatedParameter(String)
  }

  /// The file, as it was named.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// What is wrong there.
  public let reason: Reason
}
