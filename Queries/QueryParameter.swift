package import Bytes

/// A parameter of a query: declared in its header, or named as `:name` in plain SQL.
package struct QueryParameter: Sendable {
  /// The types of a parameter's value.
  package enum Kind: String, CaseIterable, Sendable {
    /// A 64-bit integer.
    case integer
    /// A finite number.
    case real
    /// Any text, to the byte.
    case text
    /// The name of a run in the store; `latest` is the run that was started last.
    case run
    /// The name of a column of the corpus, or of one that every store has.
    case column
    /// How posts of two runs are paired: a ``PostPairing``.
    case pair
    /// An integer or a real if it is written like one, otherwise text.
    case any
  }

  /// The name, as in `name=value` and in SQL as `:name`.
  package let name: ByteText
  package let kind: Kind
  /// The default value; `nil` if a value is required.
  package let defaultValue: QueryValue?
  /// Its purpose in a few words; may be empty.
  package let help: String

  /// Creates a parameter.
  package init(name: ByteText, kind: Kind, defaultValue: QueryValue? = nil, help: String = "") {
    self.name = name
    self.kind = kind
    self.defaultValue = defaultValue
    self.help = help
  }

  /// The parameter that plain SQL means by `:name`: a run for `run`, any value otherwise.
  package init(namedBySQL name: ByteText) {
    let isRun = name == "run"
    self.init(name: name, kind: isRun ? .run : .any, defaultValue: isRun ? .text(Self.latest) : nil)
  }

  /// The word for the run that was started last.
  package static let latest = "latest"

  /// Reads a value of this parameter's kind; `nil` if the text is not one, or is out of range.
  package func value(of text: String) -> QueryValue? {
    switch kind {
    case .integer: Int64(text).map(QueryValue.integer)
    case .real: Self.finite(text).map(QueryValue.real)
    case .text: .text(text)
    case .pair: PostPairing(rawValue: text).map { .text($0.rawValue) }
    case .run, .column: text.isEmpty ? nil : .text(text)
    case .any: Self.guess(text)
    }
  }

  /// A decimal number; `nan`, `inf` and hexadecimal spellings, which `Double` would accept, are rejected.
  private static func finite(_ text: String) -> Double? {
    let isDecimal = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    guard isDecimal, let value = Double(text), value.isFinite else { return nil }
    return value
  }

  /// An integer only if its digits come back unchanged, so that an id such as `007` stays text.
  private static func guess(_ text: String) -> QueryValue {
    if let value = Int64(text), String(value) == text { return .integer(value) }
    let hasPoint = text.utf8.contains(UInt8(ascii: "."))
    if hasPoint, let value = finite(text) { return .real(value) }
    return .text(text)
  }
}

/// A `name=value` on the command line.
package struct QueryArgument: Sendable {
  /// The text before the first `=`.
  package let name: ByteText
  /// The text after the first `=`; may be empty and may hold further `=`.
  package let value: String

  /// Creates an argument.
  package init(name: ByteText, value: String) {
    self.name = name
    self.value = value
  }

  /// Splits `name=value` at its first `=`.
  ///
  /// - Throws: `notAnAssignment` if there is no `=` or nothing before it.
  package init(parsing text: String) throws(QueryArgumentError) {
    guard let sign = text.utf8.firstIndex(of: UInt8(ascii: "=")), sign != text.startIndex else {
      throw .notAnAssignment(text)
    }
    self.init(name: ByteText(text[..<sign]), value: String(text[text.utf8.index(after: sign)...]))
  }
}

/// A parameter with its value.
package struct QueryBinding: Sendable {
  /// The parameter.
  package let parameter: QueryParameter
  /// Its value, given or default.
  package let value: QueryValue
}

extension [QueryParameter] {
  /// Gives every parameter its value: the argument with its name, otherwise its default.
  ///
  /// - Parameters:
  ///   - arguments: The arguments as given; each must name a parameter, and none twice.
  ///   - query: The query's name, for errors.
  /// - Returns: A binding for each parameter, in their order.
  /// - Throws: `QueryArgumentError` that lists the parameters.
  package func bindings(
    for arguments: [QueryArgument], of query: String
  ) throws(QueryArgumentError) -> [QueryBinding] {
    for (index, argument) in arguments.enumerated() {
      guard contains(where: { $0.name == argument.name }) else {
        throw .unknownParameter(argument.name.text, query: query, parameters: self)
      }
      guard !arguments[..<index].contains(where: { $0.name == argument.name }) else {
        throw .repeated(argument.name.text)
      }
    }
    var bindings: [QueryBinding] = []
    var missing: [String] = []
    for parameter in self {
      if let argument = arguments.first(where: { $0.name == parameter.name }) {
        guard let value = parameter.value(of: argument.value) else {
          throw .wrongKind(parameter, text: argument.value)
        }
        bindings.append(QueryBinding(parameter: parameter, value: value))
      } else if let defaultValue = parameter.defaultValue {
        bindings.append(QueryBinding(parameter: parameter, value: defaultValue))
      } else {
        missing.append(parameter.name.text)
      }
    }
    guard missing.isEmpty else { throw .missing(missing, query: query, parameters: self) }
    return bindings
  }
}

/// Which posts of two runs are compared with each other.
package enum PostPairing: String, CaseIterable, Sendable {
  /// The same post: key, text, knowledge and picture.
  case content
  /// The same post, or otherwise posts with the same key, if each run has one post with that key.
  case key
}
