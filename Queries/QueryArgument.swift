import Bytes

/// A `name=value` of the command line.
public struct QueryArgument: Sendable {
  /// What stands before the first `=`.
  public let name: String
  /// What stands after it; may be empty and may hold further `=`.
  public let value: String

  /// Creates an argument.
  public init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  /// Splits `name=value` at its first `=`.
  ///
  /// - Throws: `notAnAssignment` where there is no `=` or nothing before it.
  public init(parsing text: String) throws(QueryArgumentError) {
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")), sign != text.startIndex else {
      throw .notAnAssignment(text)
    }
    self.init(name: String(text[..<sign]), value: String(text[text.utf8.index(after: sign)...]))
  }
}

/// A parameter with the value that a query gets for it.
public struct QueryBinding: Sendable {
  /// The parameter.
  public let parameter: QueryParameter
  /// Its value, given or fallen back to.
  public let value: QueryValue
}

extension [QueryParameter] {
  /// Gives every parameter its value: the argument of its name, else what it falls back to.
  ///
  /// - Parameters:
  ///   - arguments: The arguments as given; each must name a parameter, and none twice.
  ///   - query: The query's name, for errors.
  /// - Returns: A binding for each parameter, in their order.
  /// - Throws: `QueryArgumentError` that lists the parameters.
  public func bindings(
    for arguments: [QueryArgument], of query: String
  ) throws(QueryArgumentError) -> [QueryBinding] {
    for (index, argument) in arguments.enumerated() {
      guard contains(where: { $0.name.hasSameBytes(as: argument.name) }) else {
        throw .unknownParameter(argument.name, query: query, parameters: self)
      }
      guard !arguments[..<index].contains(where: { $0.name.hasSameBytes(as: argument.name) }) else {
        throw .repeated(argument.name)
      }
    }
    var bindings: [QueryBinding] = []
    var missing: [String] = []
    for parameter in self {
      if let argument = arguments.first(where: { $0.name.hasSameBytes(as: parameter.name) }) {
        guard let value = parameter.value(of: argument.value) else {
          throw .wrongKind(parameter, text: argument.value)
        }
        bindings.append(QueryBinding(parameter: parameter, value: value))
      } else if let fallback = parameter.fallback {
        bindings.append(QueryBinding(parameter: parameter, value: fallback))
      } else {
        missing.append(parameter.name)
      }
    }
    guard missing.isEmpty else { throw .missing(missing, query: query, parameters: self) }
    return bindings
  }
}
