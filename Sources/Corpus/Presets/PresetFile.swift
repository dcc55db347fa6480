package import Bytes

extension Preset {
  /// The largest size of a preset's file.
  package static let fileLimit = 64 << 10

  /// Reads a preset's file: a JSON object of options by their names, such as `{"text": "body", "skip-lines": 2}`.
  ///
  /// Values are strings; `skip-lines` may be a number, `no-header` is true or false, and `date-format` may be a list.
  /// `purpose` and `source` are words for people.
  ///
  /// - Parameters:
  ///   - bytes: the file's content, of at most ``fileLimit`` bytes.
  ///   - file: its path, which is the preset's name.
  /// - Throws: `PresetError`, which names the key.
  package init(json bytes: [UInt8], file: String) throws(PresetError) {
    let json: JSON
    do { json = try JSONParser.parse(bytes) } catch { throw .notJSON(file: file, error) }
    guard case .object(let members) = json else { throw .notAnObject(file: file, kind: json.kind) }
    var settings: [Setting] = [], words: [String: String] = [:]
    for member in members {
      let name = member.key.text
      if ["purpose", "source"].contains(member.key.text) {
        guard let text = member.value.asString else { throw .badValue(file: file, key: name, allowed: "a text") }
        words[name] = text
        continue
      }
      guard let key = Key(rawValue: name) else { throw .unknownKey(file: file, key: name) }
      guard let text = Self.text(member.value, key) else {
        throw .badValue(file: file, key: name, allowed: key.allowed)
      }
      let value: String?
      do { value = try key.canonical(text) } catch { throw .option(file: file, key: name, error) }
      guard let value else { throw .badValue(file: file, key: name, allowed: key.allowed) }
      settings.append(Setting(key, value))
    }
    self.init(name: file, purpose: words["purpose"] ?? "", source: words["source"] ?? "", settings)
    guard !settings.isEmpty else { throw .empty(file: file) }
    if self[.image] != nil, self[.imageTemplate] != nil { throw .twoPictures(file: file) }
  }

  private static func text(_ value: JSON, _ key: Key) -> String? {
    switch (value, key) {
    case (.string(let text), _): text
    case (.integer(let number), .skipLines): "\(number)"
    case (.bool(let value), .noHeader): "\(value)"
    case (.array(let values), .dateFormat):
      values.compactMap(\.asString).count == values.count && !values.isEmpty
        ? values.compactMap(\.asString).joined(separator: "\n") : nil
    default: nil
    }
  }
}

/// A preset that does not exist, or whose file cannot be used.
package enum PresetError: Error, Equatable, Sendable {
  /// No built-in preset has this name.
  case unknown(String)
  /// The file is not JSON.
  case notJSON(file: String, JSONError)
  /// The file has another value than an object.
  case notAnObject(file: String, kind: String)
  /// A key that presets do not have.
  case unknownKey(file: String, key: String)
  /// A value that a key cannot have.
  case badValue(file: String, key: String, allowed: String)
  /// A value that the key's option rejects.
  case option(file: String, key: String, OptionError)
  /// Both a column and a template for pictures.
  case twoPictures(file: String)
  /// The file sets nothing.
  case empty(file: String)
}

extension PresetError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .unknown(let name):
      "there is no preset '\(name.printable(upTo: 60))'" + DidYouMean.hint(for: name, in: Preset.builtIn.map(\.name))
        + "; there are " + Preset.builtIn.map(\.name).joined(separator: ", ")
        + ", or name a file of your own, FILE.json"
    case .notJSON(let file, let error): "\(file.printable): not valid JSON: \(error)"
    case .notAnObject(let file, let kind):
      "\(file.printable): \(kind), where a preset is an object such as {\"text\": \"body\"}"
    case .unknownKey(let file, let key):
      "\(file.printable): a preset has no key '\(key.printable(upTo: 60))'"
        + DidYouMean.hint(for: key, in: Preset.Key.allCases.map(\.rawValue)) + "; the keys are "
        + Preset.Key.allCases.map(\.rawValue).joined(separator: ", ") + ", purpose, source"
    case .badValue(let file, let key, let allowed):
      "\(file.printable): the value of '\(key.printable(upTo: 60))' must be \(allowed)"
    case .option(let file, let key, let error): "\(file.printable): '\(key.printable(upTo: 60))': \(error)"
    case .twoPictures(let file):
      "\(file.printable): 'image' and 'image-template' both say where a post's picture is: keep one of them"
    case .empty(let file):
      "\(file.printable): it sets nothing: name at least one key, such as {\"text\": \"body\"}"
    }
  }
}
