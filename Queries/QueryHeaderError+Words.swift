import Bytes

extension QueryHeaderError: CustomStringConvertible {
  /// Where and what is wrong, and how a header is written.
  public var description: String {
    "\(file.printable):\(line): " + words
  }

  private var words: String {
    switch reason {
    case .noName(let expected):
      return "a query begins with the line \"-- \(expected.printable): what it answers\""
    case .noSummary:
      return "the summary is empty; say in a sentence what the query answers"
    case .badParameterName:
      return "a parameter is written \"-- @name type = default  description\", its name in a-z, 0-9 and _"
    case .unknownKind(let word):
      let kinds = QueryParameter.Kind.allCases.map(\.rawValue)
      let hint = DidYouMean.hint(for: word, in: kinds)
      return "\"\(word.printable)\" is not a type\(hint); the types are " + kinds.joined(separator: ", ")
    case .badDefault(let text, let kind):
      return "the default \(text.printable) is not of type \(kind.rawValue); "
        + "text with blanks stands in single quotes, null means optional"
    case .repeatedParameter(let name):
      return "parameter \"\(name.printable)\" is declared twice; remove one"
    }
  }
}
