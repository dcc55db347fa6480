/// A JSON value: members keep their order, and integers are separate from other numbers.
package indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case array([JSON])
  case object([Member])

  /// A key and its value.
  package struct Member: Sendable {
    package let key: ByteText
    package let value: JSON

    package init(key: ByteText, value: JSON) { (self.key, self.value) = (key, value) }
  }

  /// The kind of value in one word, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer: "a whole number"
    case .real: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension JSON {
  /// The value of a member; nil if it is missing or null, or if the value is not an object.
  package subscript(key: ByteText) -> JSON? {
    guard case .object(let members) = self, let member = members.first(where: { $0.key == key }) else { return nil }
    if case .null = member.value { return nil }
    return member.value
  }

  /// The elements of a list.
  package var asList: [JSON]? { if case .array(let values) = self { values } else { nil } }
  /// A string's text.
  package var asString: String? { if case .string(let text) = self { text } else { nil } }
  /// True or false.
  package var asBool: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// A whole number.
  package var asInteger: Int? { if case .integer(let value) = self { value } else { nil } }
  /// Any number.
  package var asNumber: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    default: nil
    }
  }

  /// The same value with every key, at any depth, renamed.
  package func withKeys(_ spelling: (String) -> String) -> JSON {
    switch self {
    case .array(let values): .array(values.map { $0.withKeys(spelling) })
    case .object(let members):
      .object(members.map { Member(key: ByteText(spelling($0.key.text)), value: $0.value.withKeys(spelling)) })
    default: self
    }
  }
}

/// Bytes that are not valid JSON within the limits, or a value that JSON cannot express.
package enum JSONError: Error, Equatable, Sendable {
  /// Something else was found at this byte.
  case expected(String, at: Int)
  /// The same key twice in one object.
  case duplicateKey(String, at: Int)
  /// Lists and objects are nested too deeply.
  case tooDeep(limit: Int, at: Int)
  /// A number to write is not finite.
  case notFinite
}

extension JSONError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .expected(let what, let at): "expected \(what) at byte \(at)"
    case .duplicateKey(let key, let at): "the key \"\(key.printable(upTo: 120))\" occurs again at byte \(at)"
    case .tooDeep(let limit, let at): "more than \(limit) nested lists and objects at byte \(at)"
    case .notFinite: "a number is not finite, which JSON cannot express"
    }
  }
}

/// Reads strict JSON (RFC 8259) from untrusted bytes: nothing is read twice, nesting is limited, and a repeated key is
/// an error. Foundation's parser would keep the last of two equal keys and accept `true` as 1.
package struct JSONParser {
  /// The maximum nesting of lists and objects.
  package static let nestingLimit = 16

  private let bytes: [UInt8]
  private var at = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Parses the single value in `bytes`.
  package static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSON {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    parser.skipBlanks()
    guard parser.at == bytes.count else { throw .expected("the end", at: parser.at) }
    return value
  }

  private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard let byte = next, byte == character.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func value() throws(JSONError) -> JSON {
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return try nested { (parser) throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { (parser) throws(JSONError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(
    _ read: (inout JSONParser) throws(JSONError) -> JSON
  ) throws(JSONError) -> JSON {
    guard depth < JSONParser.nestingLimit else { throw .tooDeep(limit: JSONParser.nestingLimit, at: at) }
    depth += 1
    defer { depth -= 1 }
    at += 1
    return try read(&self)
  }

  private mutating func object() throws(JSONError) -> JSON {
    var members: [JSON.Member] = [], seen: Set<ByteText> = []
    skipBlanks()
    if take("}") { return .object(members) }
    repeat {
      skipBlanks()
      let start = at
      let key = ByteText(try string())
      guard seen.insert(key).inserted else { throw .duplicateKey(key.text, at: start) }
      skipBlanks()
      guard take(":") else { throw .expected("a colon", at: at) }
      members.append(JSON.Member(key: key, value: try value()))
      skipBlanks()
    } while take(",")
    guard take("}") else { throw .expected("a comma or }", at: at) }
    return .object(members)
  }

  private mutating func array() throws(JSONError) -> JSON {
    var values: [JSON] = []
    skipBlanks()
    if take("]") { return .array(values) }
    repeat {
      values.append(try value())
      skipBlanks()
    } while take(",")
    guard take("]") else { throw .expected("a comma or ]", at: at) }
    return .array(values)
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws(JSONError) -> JSON {
    let length = text.utf8CodeUnitCount
    let found = bytes[at..<min(at + length, bytes.count)]
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: length)
    guard found.elementsEqual(wanted) else { throw .expected("a value", at: at) }
    at += length
    return value
  }

  private mutating func number() throws(JSONError) -> JSON {
    let start = at
    _ = take("-")
    let whole = digits()
    guard whole > 0 else { throw .expected("a value", at: start) }
    guard whole == 1 || bytes[at - whole] != UInt8(ascii: "0") else {
      throw .expected("a number without leading zeros", at: start)
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      guard digits() > 0 else { throw .expected("a digit", at: at) }
    }
    if take("e") || take("E") {
      isInteger = false
      _ = take("+") || take("-")
      guard digits() > 0 else { throw .expected("a digit", at: at) }
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isInteger, let integer = Int(text) { return .integer(integer) }
    guard let real = Double(text), real.isFinite else { throw .expected("a number within range", at: start) }
    return .real(real)
  }

  private mutating func digits() -> Int {
    let start = at
    while let byte = next, byte >= 0x30, byte <= 0x39 { at += 1 }
    return at - start
  }

  private mutating func string() throws(JSONError) -> String {
    guard take("\"") else { throw .expected("a string", at: at) }
    let start = at
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        at += 1
        guard let valid = String(validating: text, as: UTF8.self) else { throw .expected("UTF-8", at: start) }
        return valid
      case UInt8(ascii: "\\"):
        at += 1
        try escape(into: &text)
      case 0..<0x20: throw .expected("no control character in a string", at: at)
      default:
        text.append(byte)
        at += 1
      }
    }
    throw .expected("the end of a string", at: at)
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    do { try JSONEscape.read(bytes, at: &at, into: &text) } catch { throw .expected(error.expected, at: error.at) }
  }
}
