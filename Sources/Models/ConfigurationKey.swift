import Bytes

/// A key of an object in `config.json`, declared once: the property that holds its value, the allowed values, when it
/// is written, and its description. Reading, writing, the fingerprint and the table in `docs/design.md` follow from it.
struct ConfigurationKey<Root> {
  let name: String
  /// Takes the key from an object, checks its value, and stores it in the root.
  let read: (inout ConfigurationReader, inout Root) throws(ConfigurationError) -> Void
  /// The JSON to write, or nil for none; the second root has all defaults.
  let json: (Root, _ defaults: Root) -> JSON?
  /// The keys whose values differ from the default, with their paths, and the values as text for a fingerprint.
  let differences: (Root, _ defaults: Root, _ path: String) -> [(key: String, value: String)]
  /// The lines of the documented table.
  let rows: (_ defaults: Root, _ path: String) -> [String]

  /// When the key is written to a file.
  enum Presence {
    case always
    /// If the value differs from the default.
    case unlessDefault
    case only(if: (Root) -> Bool)
  }

  /// Declares a key with a single value: its property, which first holds the default, and the allowed values. `usual`
  /// is the default in words, if its JSON is not clear enough; `words` describes the key.
  init<Value: Equatable>(
    _ name: String, _ place: WritableKeyPath<Root, Value>, _ form: ConfigurationForm<Value>,
    written presence: Presence = .always, usual: String? = nil, _ words: String
  ) {
    self.name = name
    read = { (reader, root) throws(ConfigurationError) in
      if let value = try form.read(&reader, name) { root[keyPath: place] = value }
    }
    json = { root, defaults in
      switch presence {
      case .unlessDefault where root[keyPath: place] == defaults[keyPath: place]: nil
      case .only(let isWritten) where !isWritten(root): nil
      default: form.json(root[keyPath: place])
      }
    }
    differences = { root, defaults, path in
      let value = form.fact(root[keyPath: place])
      return ByteText(value) == ByteText(form.fact(defaults[keyPath: place])) ? [] : [(path + name, value)]
    }
    rows = { defaults, path in
      let usual = usual ?? form.json(defaults[keyPath: place]).map { "`\($0.text(.spaced))`" } ?? "absent"
      return [Self.row(path + name, form.allowed, usual, words)]
    }
  }

  /// Declares a key whose value is an object with declared keys; if it is absent, all of them have their defaults.
  init<Value: ConfigurationObject>(_ name: String, _ place: WritableKeyPath<Root, Value>) {
    self.name = name
    read = { (reader, root) throws(ConfigurationError) in
      var inner = try reader.object(name)
      for key in Value.keys { try key.read(&inner, &root[keyPath: place]) }
      try inner.finish()
    }
    json = { root, defaults in Value.keys.json(root[keyPath: place], defaults[keyPath: place]) }
    differences = { root, defaults, path in
      Value.keys.flatMap { $0.differences(root[keyPath: place], defaults[keyPath: place], "\(path)\(name).") }
    }
    rows = { defaults, path in Value.keys.flatMap { $0.rows(defaults[keyPath: place], "\(path)\(name).") } }
  }

  /// Declares a key that is read and written in its own way and is not part of a fingerprint.
  init(
    _ name: String, _ allowed: String, usual: String = "absent", _ words: String, json: @escaping (Root) -> JSON?,
    read: @escaping (inout ConfigurationReader, inout Root) throws(ConfigurationError) -> Void = { _, _ in }
  ) {
    self.name = name
    self.read = read
    self.json = { root, _ in json(root) }
    differences = { _, _, _ in [] }
    rows = { _, path in [Self.row(path + name, allowed, usual, words)] }
  }

  private static func row(_ key: String, _ allowed: String, _ usual: String, _ words: String) -> String {
    "| `\(key)` | \(allowed) | \(usual) | \(words) |"
  }
}

/// An object in `config.json` whose keys are declared.
protocol ConfigurationObject {
  /// The keys, in the order in which they are read and written.
  static var keys: [ConfigurationKey<Self>] { get }
}

extension Array {
  /// The object, with the keys that are written.
  func json<Root>(_ root: Root, _ defaults: Root) -> JSON where Element == ConfigurationKey<Root> {
    .members(map { ($0.name, $0.json(root, defaults)) })
  }
}

/// The form of a value: what is allowed, and how it is read, written, and added to a fingerprint.
struct ConfigurationForm<Value> {
  /// The allowed values, in words for the documentation.
  let allowed: String
  /// Takes a key's value from an object; nil if it is absent.
  let read: (inout ConfigurationReader, _ key: String) throws(ConfigurationError) -> Value?
  let json: (Value) -> JSON?
  let fact: (Value) -> String
}

extension ConfigurationForm<Int> {
  static func integer(_ range: ClosedRange<Int>) -> Self {
    Self(
      allowed: "\(range.lowerBound) to \(range.upperBound)",
      read: { (reader, key) throws(ConfigurationError) in try reader.optionalInteger(key, in: range) },
      json: { .integer($0) }, fact: { "\($0)" })
  }
}

extension ConfigurationForm<Int?> {
  /// An optional whole number, with a word for nil in fingerprints.
  static func integer(_ range: ClosedRange<Int>, none: String) -> Self {
    Self(
      allowed: "\(range.lowerBound) to \(range.upperBound)",
      read: { (reader, key) throws(ConfigurationError) in try reader.optionalInteger(key, in: range).map { .some($0) }
      },
      json: { $0.map { .integer($0) } }, fact: { $0.map { "\($0)" } ?? none })
  }
}

extension ConfigurationForm<Double> {
  static func real(_ range: ClosedRange<Double>) -> Self {
    Self(
      allowed: "\(range.lowerBound) to \(range.upperBound)",
      read: { (reader, key) throws(ConfigurationError) in try reader.optionalReal(key, in: range) },
      json: { .real($0) }, fact: { "\($0)" })
  }
}

extension ConfigurationForm<Bool> {
  static var boolean: Self {
    Self(
      allowed: "true, false", read: { (reader, key) throws(ConfigurationError) in try reader.optionalBoolean(key) },
      json: { .bool($0) }, fact: { "\($0)" })
  }
}

extension ConfigurationForm where Value: RawRepresentable<String> & CaseIterable {
  /// One of the values of an enumeration.
  static var word: Self {
    let words = Value.allCases.map(\.rawValue)
    return Self(
      allowed: words.map { "`\"\($0)\"`" }.joined(separator: ", "),
      read: { (reader, key) throws(ConfigurationError) in
        try reader.optionalWord(key, of: words).flatMap { Value(rawValue: $0) }
      },
      json: { .string($0.rawValue) }, fact: { $0.rawValue })
  }
}

extension ConfigurationForm<[String]> {
  static var strings: Self {
    Self(
      allowed: "strings", read: { (reader, key) throws(ConfigurationError) in try reader.strings(key) },
      json: { .array($0.map { .string($0) }) }, fact: list)
  }
}

extension ConfigurationForm<[ByteText]> {
  /// Strings of any bytes.
  static var texts: Self {
    Self(
      allowed: "strings",
      read: { (reader, key) throws(ConfigurationError) in try reader.strings(key)?.map { ByteText($0) } },
      json: { .array($0.map { .string($0.text) }) }, fact: { list($0.map(\.text)) })
  }
}

extension ConfigurationForm<[Float]> {
  /// One number each for red, green and blue.
  static func channels(_ range: ClosedRange<Double>) -> Self {
    Self(
      allowed: "three numbers, \(range.lowerBound) to \(range.upperBound)",
      read: { (reader, key) throws(ConfigurationError) in try reader.channels(key, in: range)?.map { Float($0) } },
      json: { .array($0.map { .float($0) }) }, fact: { list($0.map { "\($0)" }) })
  }
}

extension ConfigurationForm<[FeatureStream]> {
  static var features: Self {
    Self(
      allowed: "objects of `name`, `width`, `max_rows`",
      read: { (reader, key) throws(ConfigurationError) in try FeatureStream.list(key, &reader) },
      json: { .array($0.map(\.json)) }, fact: { list($0.map { "\($0.name) \($0.width) \($0.maxRows)" }) })
  }
}

extension ConfigurationForm<[AddedTokenSettings]?> {
  static var addedTokens: Self {
    Self(
      allowed: "objects of `text`, `id`, `lstrip`, `rstrip`, `single_word`, `normalized`",
      read: { (reader, key) throws(ConfigurationError) in try AddedTokenSettings.list(key, &reader).map { .some($0) } },
      json: { $0.map { .array($0.map(\.json)) } },
      fact: { $0.map { list($0.map { $0.json.text(.spaced) }) } ?? "usual" })
  }
}

extension ConfigurationForm<ByteText> {
  /// A string of at least one byte.
  static var text: Self {
    Self(
      allowed: "a string",
      read: { (reader, key) throws(ConfigurationError) in
        guard let text = try reader.string(key) else { return nil }
        guard !text.isEmpty else {
          throw .outOfRange(key: reader.name(key), value: "\"\"", allowed: "at least a letter")
        }
        return ByteText(text)
      },
      json: { .string($0.text) }, fact: \.text)
  }
}

/// A list of strings, encoded so that different lists give different texts.
private func list(_ texts: [String]) -> String { texts.map { "\($0.utf8.count):\($0)" }.joined(separator: ",") }
