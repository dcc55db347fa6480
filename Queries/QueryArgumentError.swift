/// What can be wrong with the arguments of a query.
public enum QueryArgumentError: Error, Sendable {
  /// Text that is no `name=value`.
  case notAnAssignment(String)
  /// A name that the query has no parameter for.
  case unknownParameter(String, query: String, parameters: [QueryParameter])
  /// Parameters that need a value and have none.
  case missing([String], query: String, parameters: [QueryParameter])
  /// Names in the SQL of a query with a header that declares others.
  case undeclared([String], query: String)
  /// A name that was given twice.
  case repeated(String)
  /// A value that is not of its parameter's kind.
  case wrongKind(QueryParameter, text: String)
  /// Neither a name nor SQL.
  case noQuery(known: [String])
  /// A name that no query has.
  case unknownQuery(String, known: [String])
}
