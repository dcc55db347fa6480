import Bytes

/// How the files of a program or platform are read: its columns, dates, records and dialect, by the names of the options.
package struct Preset: Sendable, Equatable {
  /// What a preset can set; the raw value is the option's name.
  package enum Key: String, Sendable, CaseIterable {
    case records, id, text, image
    case imageTemplate = "image-template"
    case pictures, knowledge, label, labels, date
    case dateFormat = "date-format"
    case delimiter, quote, escape
    case skipLines = "skip-lines"
    case comment, encoding
    case noHeader = "no-header"

    /// The role of the column that it names.
    package var role: ColumnRole? { ColumnRole(rawValue: rawValue) }
  }

  /// A key with its value, as a run records it.
  package struct Setting: Sendable, Equatable {
    package var key: Key
    package var value: String

    package init(_ key: Key, _ value: String) { (self.key, self.value) = (key, value) }
  }

  /// The name; of a file, its path.
  package var name: String
  /// Whose files it reads, and what these must be like.
  package var purpose: String
  /// Where their form is described.
  package var source: String
  /// What it sets, in the order of the keys.
  package private(set) var settings: [Setting]

  /// Creates a preset of settings that were checked.
  package init(name: String, purpose: String = "", source: String = "", _ settings: [Setting]) {
    (self.name, self.purpose, self.source) = (name, purpose, source)
    self.settings = Key.allCases.compactMap { key in settings.first { $0.key == key } }
  }

  /// The value of a key.
  package subscript(key: Key) -> String? { settings.first { $0.key == key }?.value }
}

extension Preset.Key {
  /// A value in the form in which a run records it, as its option reads it; nil for one that is none of the words or
  /// numbers allowed.
  package func canonical(_ value: String) throws(OptionError) -> String? {
    switch self {
    case .records, .id, .text, .image, .knowledge, .label, .date: return value.isEmpty ? nil : value
    case .labels: _ = try LabelNames(parsing: value)
    case .imageTemplate: _ = try ImageTemplate(parsing: value)
    case .dateFormat: for format in value.split(separator: "\n") { _ = try DateFormat(parsing: String(format)) }
    case .pictures: return SeveralPictures(rawValue: value)?.rawValue
    case .delimiter: return Delimiter.word(try Delimiter.parse(value))
    case .quote: return try Dialect.Quote(parsing: value).word
    case .escape: return try Dialect.parseEscape(value)
    case .comment: return Delimiter.word(try Dialect.parseComment(value))
    case .encoding: return try TextEncoding(parsing: value).rawValue
    case .skipLines: return Int(value).flatMap { (0...1_000_000).contains($0) ? "\($0)" : nil }
    case .noHeader: return value == "true" || value == "false" ? value : nil
    }
    return value
  }

  /// The values allowed, for messages about another one.
  var allowed: String {
    switch self {
    case .pictures: SeveralPictures.allCases.map(\.rawValue).joined(separator: ", ")
    case .skipLines: "a whole number from 0 to 1000000"
    case .noHeader: "true or false"
    default: "a text that is not empty"
    }
  }
}

/// A preset as it was used: what it set, and what the user said instead.
package struct PresetUse: Sendable, Equatable {
  package var preset: Preset
  /// The keys of settings that the user's own options replace.
  package var replaced: [Preset.Key]

  package init(_ preset: Preset, replaced: [Preset.Key]) { (self.preset, self.replaced) = (preset, replaced) }

  /// The settings that count.
  package var settings: [Preset.Setting] { preset.settings.filter { !replaced.contains($0.key) } }

  /// A notice of the columns that a file does not have; nil if it has all of them.
  func lacking(_ layout: ColumnLayout, _ columns: ColumnMap, file: String) -> CorpusNotice? {
    let lacking = settings.filter { setting in
      guard let role = setting.key.role, let column = columns[role], !layout.names.contains(column.name) else {
        return false
      }
      return !layout.computed.contains { $0.role == role && $0.isFound(in: layout.names) }
    }
    return lacking.isEmpty
      ? nil : .presetColumns(file: file, preset: preset.name, columns: lacking.map(\.value))
  }

  /// The error in the preset's own words, if it follows from what the preset says of a file.
  func cause(of error: CorpusError, _ columns: ColumnMap) -> CorpusError? {
    let lacking = [columns.text, columns.image].flatMap { $0.expression?.columns ?? [$0.name] }.map(\.text)
    let name = preset.name
    switch error {
    case .noContentColumn(let file, _, _, let found, let guesses):
      return .noPresetColumn(file: file, preset: name, lacking: lacking, found: found, guesses: guesses)
    case .noContentMember(let file, _, _, let found, let guesses, _, let lists):
      return .noPresetColumn(
        file: file, preset: name, lacking: lacking, found: found, guesses: guesses, lists: lists)
    case .notJSON(let file) where settings.contains { $0.key == .records }:
      return .presetOfJSON(file: file, preset: name)
    case .noRecordList(let file, let list?) where settings.contains { $0.key == .records }:
      return .noPresetList(file: file, preset: name, name: list)
    default: return nil
    }
  }
}

extension PresetUse: CustomStringConvertible {
  /// `read by the preset telegram: records = messages, id = id; your own option counts instead of its text`
  package var description: String {
    let own = replaced.map(\.rawValue)
    return "read by the preset \(preset.name.printable(upTo: 200))"
      + (settings.isEmpty ? "" : ": " + settings.map { "\($0.key.rawValue) = \($0.shown)" }.joined(separator: ", "))
      + (own.isEmpty
        ? "" : "; your own \(own.count == 1 ? "option counts" : "options count") instead of its " + own.listed())
  }
}

extension Preset.Setting {
  /// The value in one line.
  package var shown: String { Shell.word(value.split(separator: "\n").joined(separator: ", ")) }
}
