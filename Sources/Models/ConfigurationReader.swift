import Bytes

/// Takes the members of one object of a configuration and checks each, until none is left.
///
/// Errors name the full path: `text.heads`, not `heads`.
struct ConfigurationReader {
  private let path: String
  private var members: [JSON.Member]

  /// Reads the object `value` at `path`; the outermost object has no path.
  init(_ value: JSON, path: String = "") throws(ConfigurationError) {
    guard case .object(let members) = value else {
      throw .wrongKind(key: path.isEmpty ? "the file" : path, expected: "an object", found: value.kind)
    }
    (self.path, self.members) = (path, members)
  }

  /// The full name of `key`.
  func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// Removes and returns the value of `key`, nil if it is absent.
  mutating func take(_ key: String) -> JSON? {
    guard let index = members.firstIndex(where: { $0.key == ByteText(key) }) else { return nil }
    return members.remove(at: index).value
  }

  /// The value of `key`, which stays; nil if it is absent.
  func value(_ key: String) -> JSON? { members.first { $0.key == ByteText(key) }?.value }

  /// Whether `key` is present and not yet read.
  func has(_ key: String) -> Bool { members.contains { $0.key == ByteText(key) } }

  /// Removes `key` if its value is null, which hubs write for a default.
  mutating func dropNull(_ key: String) {
    members.removeAll { member in
      guard case .null = member.value else { return false }
      return member.key == ByteText(key)
    }
  }

  /// Throws for the first of these keys that is absent.
  func require(_ keys: [String]) throws(ConfigurationError) {
    for key in keys where !has(key) { throw .missingKey(name(key)) }
  }

  /// Throws if a key was not taken, with the name of the first.
  func finish() throws(ConfigurationError) {
    if let left = members.first { throw .unknownKey(name(left.key.text)) }
  }

  /// The object at `key`; an empty one if it is absent.
  mutating func object(_ key: String) throws(ConfigurationError) -> ConfigurationReader {
    try ConfigurationReader(take(key) ?? .object([]), path: name(key))
  }

  /// The objects of a list; none if it is absent.
  mutating func objects(_ key: String, limit: Int) throws(ConfigurationError) -> [ConfigurationReader] {
    guard let value = take(key) else { return [] }
    guard case .array(let values) = value else { throw wrongKind(key, "a list of objects", value) }
    guard values.count <= limit else {
      throw .outOfRange(key: name(key), value: "a list of \(values.count)", allowed: "0 to \(limit)")
    }
    var readers: [ConfigurationReader] = []
    for (index, value) in values.enumerated() {
      readers.append(try ConfigurationReader(value, path: "\(name(key))[\(index)]"))
    }
    return readers
  }

  mutating func integer(
    _ key: String, _ fallback: Int, in range: ClosedRange<Int>
  ) throws(ConfigurationError) -> Int {
    try optionalInteger(key, in: range) ?? fallback
  }

  /// A whole number; nil if the key is absent.
  mutating func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
    guard let value = take(key) else { return nil }
    guard case .integer(let integer) = value else { throw wrongKind(key, "a whole number", value) }
    guard range.contains(integer) else {
      throw .outOfRange(
        key: name(key), value: "\(integer)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    return integer
  }

  mutating func real(
    _ key: String, _ fallback: Double, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double {
    try optionalReal(key, in: range) ?? fallback
  }

  /// A number; nil if the key is absent.
  mutating func optionalReal(_ key: String, in range: ClosedRange<Double>) throws(ConfigurationError) -> Double? {
    guard let value = take(key) else { return nil }
    return try real(value, key, in: range)
  }

  mutating func boolean(_ key: String, _ fallback: Bool) throws(ConfigurationError) -> Bool {
    try optionalBoolean(key) ?? fallback
  }

  /// A boolean; nil if the key is absent.
  mutating func optionalBoolean(_ key: String) throws(ConfigurationError) -> Bool? {
    guard let value = take(key) else { return nil }
    guard case .bool(let bool) = value else { throw wrongKind(key, "true or false", value) }
    return bool
  }

  mutating func string(_ key: String) throws(ConfigurationError) -> String? {
    guard let value = take(key) else { return nil }
    guard case .string(let string) = value else { throw wrongKind(key, "a string", value) }
    return string
  }

  /// One of a few words; the first if the key is absent.
  mutating func word(_ key: String, of allowed: [String]) throws(ConfigurationError) -> String {
    try optionalWord(key, of: allowed) ?? allowed[0]
  }

  /// One of a few words; nil if the key is absent.
  mutating func optionalWord(_ key: String, of allowed: [String]) throws(ConfigurationError) -> String? {
    guard let found = try string(key) else { return nil }
    guard allowed.contains(where: { ByteText($0) == ByteText(found) }) else {
      throw .unknownWord(key: name(key), found: found, allowed: allowed)
    }
    return found
  }

  mutating func strings(_ key: String) throws(ConfigurationError) -> [String]? {
    guard let value = take(key) else { return nil }
    guard case .array(let values) = value else { throw wrongKind(key, "a list of strings", value) }
    var strings: [String] = []
    for value in values {
      guard case .string(let string) = value else { throw wrongKind(key, "a list of strings", value) }
      strings.append(string)
    }
    return strings
  }

  /// The members of the object at `key`, all of which must be strings.
  mutating func strings(by key: String) throws(ConfigurationError) -> [(name: String, file: String)] {
    guard case .object(let members)? = take(key) else { throw .missingKey(name(key)) }
    var strings: [(name: String, file: String)] = []
    for member in members {
      guard case .string(let string) = member.value else { throw wrongKind(key, "an object of strings", member.value) }
      strings.append((member.key.text, string))
    }
    return strings
  }

  /// Three numbers, one for each of red, green and blue; nil if the key is absent.
  mutating func channels(_ key: String, in range: ClosedRange<Double>) throws(ConfigurationError) -> [Double]? {
    guard let value = take(key) else { return nil }
    guard case .array(let values) = value, values.count == 3 else {
      throw wrongKind(key, "a list of three numbers", value)
    }
    var reals: [Double] = []
    for value in values { reals.append(try real(value, key, in: range)) }
    return reals
  }

  private func real(
    _ value: JSON, _ key: String, in range: ClosedRange<Double>
  ) throws(ConfigurationError) -> Double {
    let number: Double
    switch value {
    case .integer(let integer): number = Double(integer)
    case .real(let real): number = real
    default: throw wrongKind(key, "a number", value)
    }
    guard range.contains(number) else {
      throw .outOfRange(
        key: name(key), value: "\(number)", allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func wrongKind(_ key: String, _ expected: String, _ found: JSON) -> ConfigurationError {
    .wrongKind(key: name(key), expected: expected, found: found.kind)
  }
}
