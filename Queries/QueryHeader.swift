import Bytes

/// The parsed comment at the beginning of a query.
struct QueryHeader {
  /// The question that the query answers; empty without a header.
  var summary = ""
  /// The declared parameters; `nil` without a header.
  var parameters: [QueryParameter]?
  /// The data that a run must have.
  var needs: [QueryRequirement] = []

  /// Creates a header from its parts.
  init(summary: String, parameters: [QueryParameter]?, needs: [QueryRequirement]) {
    (self.summary, self.parameters, self.needs) = (summary, parameters, needs)
  }

  /// Reads the comment lines before the first line of SQL.
  ///
  /// If no header is required, other comments are ignored: a header is a first line `name: …`, or a line of the form
  /// `@name type`.
  init(name: String, file: String, sql: String, isRequired: Bool) throws(QueryHeaderError) {
    let lines = Self.commentLines(of: sql)
    let first = lines.first.flatMap { Self.summary(in: $0.text, of: name) }
    if let first {
      summary = first
    } else if isRequired {
      throw QueryHeaderError(file: file, line: lines.first?.number ?? 1, reason: .noName(expected: name))
    }
    var declared: [QueryParameter] = []
    var seesParameter = false
    for line in lines.dropFirst(first == nil ? 0 : 1) {
      if let need = QueryRequirement(line: line.text) {
        needs.append(need)
      } else if line.text.utf8.first == UInt8(ascii: "@") {
        do throws(QueryHeaderReason) {
          let parameter = try ParameterLine(line.text).parameter
          guard !declared.contains(where: { $0.name == parameter.name }) else {
            throw QueryHeaderReason(.repeatedParameter(parameter.name.text))
          }
          declared.append(parameter)
          seesParameter = true
        } catch {
          // In plain SQL a comment may begin with @ and mean something else.
          if first == nil, !seesParameter, error.mayBeProse, !Self.isUsed(line.text, in: sql) { continue }
          throw QueryHeaderError(file: file, line: line.number, reason: error.reason)
        }
      } else if first != nil, declared.isEmpty {
        summary = Self.join(summary, line.text)
      }
    }
    if first != nil, summary.isEmpty {
      throw QueryHeaderError(file: file, line: lines.first?.number ?? 1, reason: .noSummary)
    }
    if first != nil || seesParameter { parameters = declared }
  }

  /// Whether the SQL has a parameter of the name that a line begins with.
  private static func isUsed(_ line: String, in sql: String) -> Bool {
    let name = line.utf8.dropFirst().prefix { !$0.isBlank }
    guard !name.isEmpty else { return false }
    return sql.contains(":" + String(decoding: name, as: UTF8.self))
  }

  private static func summary(in line: String, of name: String) -> String? {
    let prefix = Array(name.utf8) + [UInt8(ascii: ":")]
    guard line.utf8.starts(with: prefix) else { return nil }
    return String(decoding: line.utf8.dropFirst(prefix.count), as: UTF8.self).trimmingBlanks
  }

  private static func join(_ left: String, _ right: String) -> String {
    left.isEmpty ? right : right.isEmpty ? left : left + " " + right
  }

  /// The lines from the first on that are blank or comments: numbers from 1, texts without `--` and blanks.
  private static func commentLines(of sql: String) -> [(number: Int, text: String)] {
    var lines: [(number: Int, text: String)] = []
    var number = 0
    var rest = sql.utf8[...]
    while !rest.isEmpty {
      number += 1
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest[line.endIndex...].dropFirst()
      var text = String(decoding: line, as: UTF8.self)
      if number == 1, text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
      text = text.trimmingBlanks
      if text.isEmpty { continue }
      guard text.utf8.starts(with: "--".utf8) else { break }
      lines.append((number, String(decoding: text.utf8.dropFirst(2), as: UTF8.self).trimmingBlanks))
    }
    return lines
  }
}

/// A reason without its position, which the caller adds.
struct QueryHeaderReason: Error {
  let reason: QueryHeaderError.Reason

  /// Whether the line may be a sentence that begins with `@`.
  var mayBeProse: Bool {
    switch reason {
    case .badParameterName, .unknownKind: true
    case .noName, .noSummary, .badDefault, .repeatedParameter: false
    }
  }

  init(_ reason: QueryHeaderError.Reason) {
    self.reason = reason
  }
}

/// One line `@name type = default  description` of a header, read from left to right.
struct ParameterLine {
  let parameter: QueryParameter

  init(_ line: String) throws(QueryHeaderReason) {
    var rest = line.utf8.dropFirst()
    let name = Self.word(&rest)
    guard Self.isName(name) else { throw QueryHeaderReason(.badParameterName) }
    let word = Self.word(&rest)
    guard let kind = QueryParameter.Kind(rawValue: word) else {
      throw QueryHeaderReason(word.isEmpty ? .badParameterName : .unknownKind(word))
    }
    var defaultValue: QueryValue?
    if rest.first == UInt8(ascii: "=") {
      rest = rest.dropFirst()
      rest = rest.drop(while: \.isBlank)
      defaultValue = try Self.defaultValue(&rest, kind: kind)
    }
    parameter = QueryParameter(
      name: ByteText(name), kind: kind, defaultValue: defaultValue, help: String(decoding: rest, as: UTF8.self))
  }

  private static func defaultValue(
    _ rest: inout Substring.UTF8View, kind: QueryParameter.Kind
  ) throws(QueryHeaderReason) -> QueryValue {
    let isQuoted = rest.first == UInt8(ascii: "'")
    let text = isQuoted ? try quoted(&rest, kind: kind) : word(&rest)
    if !isQuoted, text == "null" { return .null }
    let value = QueryParameter(name: "", kind: kind).value(of: text)
    guard let value, isQuoted || !text.isEmpty else { throw QueryHeaderReason(.badDefault(text, kind)) }
    return value
  }

  /// Takes a text in single quotes; a quote inside it is doubled, as in SQL.
  private static func quoted(
    _ rest: inout Substring.UTF8View, kind: QueryParameter.Kind
  ) throws(QueryHeaderReason) -> String {
    let quote = UInt8(ascii: "'")
    let whole = String(decoding: rest, as: UTF8.self)
    var bytes: [UInt8] = []
    rest = rest.dropFirst()
    while let byte = rest.popFirst() {
      guard byte == quote else {
        bytes.append(byte)
        continue
      }
      guard rest.first == quote else {
        rest = rest.drop(while: \.isBlank)
        return String(decoding: bytes, as: UTF8.self)
      }
      bytes.append(quote)
      rest = rest.dropFirst()
    }
    throw QueryHeaderReason(.badDefault(whole, kind))
  }

  /// Takes the bytes up to a blank or `=`-free end of word, and the blanks after them.
  private static func word(_ rest: inout Substring.UTF8View) -> String {
    let word = rest.prefix { !$0.isBlank }
    rest = rest[word.endIndex...].drop(while: \.isBlank)
    return String(decoding: word, as: UTF8.self)
  }

  private static func isName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
  }
}

extension UInt8 {
  /// A space, a tab or a carriage return.
  var isBlank: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r")
  }
}

extension String {
  /// The text without blanks at its ends.
  var trimmingBlanks: String {
    var bytes = utf8[...].drop(while: \.isBlank)
    while bytes.last?.isBlank == true { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// An error in the header of a `.sql` file.
package struct QueryHeaderError: Error, Sendable {
  /// The kinds of errors.
  package enum Reason: Sendable {
    /// The first line is not `-- name: summary`.
    case noName(expected: String)
    /// The summary is empty.
    case noSummary
    /// A parameter line without a name made of `a-z`, `0-9` and `_`.
    case badParameterName
    /// A word that is not a type.
    case unknownKind(String)
    /// A default that is not of its parameter's type, or has no closing quote.
    case badDefault(String, QueryParameter.Kind)
    /// A name that an earlier line declares.
    case repeatedParameter(String)
  }

  /// The file, as given.
  package let file: String
  /// The line, from 1.
  package let line: Int
  package let reason: Reason
}

extension QueryHeaderError: CustomStringConvertible {
  /// The position, the problem, and the form of a header.
  package var description: String {
    "\(file.printable):\(line): " + words
  }

  private var words: String {
    switch reason {
    case .noName(let expected):
      return "a query begins with the line \"-- \(expected.printable): what it answers\""
    case .noSummary:
      return "the summary is empty; write one sentence on what the query answers"
    case .badParameterName:
      return "a parameter is written \"-- @name type = default  description\", its name in a-z, 0-9 and _"
    case .unknownKind(let word):
      let kinds = QueryParameter.Kind.allCases.map(\.rawValue)
      let hint = DidYouMean.hint(for: word, in: kinds)
      return "\"\(word.printable)\" is not a type\(hint); the types are " + kinds.joined(separator: ", ")
    case .badDefault(let text, let kind):
      return "the default \(text.printable) is not of type \(kind.rawValue); "
        + "put text with blanks in single quotes; null means optional"
    case .repeatedParameter(let name):
      return "parameter \"\(name.printable)\" is declared twice; remove one"
    }
  }
}
