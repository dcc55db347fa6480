/// A JSON value as it stands in the file: members in their order, whole numbers apart from others.
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
    package let key: String
    package let value: JSON
  }

  /// What the value is, in a word for messages.
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

/// Why bytes are not the JSON that is read here.
public enum JSONFault: Error, Equatable, Sendable {
  /// Something else stands at this byte.
  case expected(String, at: Int)
  /// The same key twice in one object.
  case duplicateKey(String, at: Int)
  /// Lists and objects within each other beyond the limit.
  case tooDeep(limit: Int, at: Int)
}
