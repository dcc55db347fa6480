import Bytes

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
    var fallback: QueryValue?
    if rest.first == UInt8(ascii: "=") {
      rest = rest.dropFirst()
      rest = rest.drop(while: \.isBlank)
      fallback = try Self.fallback(&rest, kind: kind)
    }
    parameter = QueryParameter(
      name: name, kind: kind, fallback: fallback, help: String(decoding: rest, as: UTF8.self))
  }

  private static func fallback(
    _ rest: inout Substring.UTF8View, kind: QueryParameter.Kind
  ) throws(QueryHeaderReason) -> QueryValue {
    let isQuoted = rest.first == UInt8(ascii: "'")
    let text = isQuoted ? try quoted(&rest, kind: kind) : word(&rest)
    if !isQuoted, text.hasSameBytes(as: "null") { return .null }
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
