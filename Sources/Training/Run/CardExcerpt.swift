import Foundation

/// What a model's `card.md` says that no other file of the folder does.
///
/// A card is for people, who may have changed it: what is not found as it was written is left out.
public struct CardExcerpt: Sendable, Equatable {
  /// A name and what the card says under it.
  public struct Line: Sendable, Equatable {
    /// What it is about.
    public var name: String
    /// What is said.
    public var words: String
  }

  /// How the model was made, in the card's order.
  public private(set) var lines: [Line] = []
  /// What the best epoch is the best by.
  public private(set) var selection: String?
  /// How many posts the best epoch was chosen on.
  public private(set) var validationPosts: Int?
  /// What the model makes of the posts to validate with when every picture is hidden.
  public private(set) var withoutPictures: ValidationResult?

  /// What the lines of the card's list begin with, and the names for what follows.
  private static let openings: [(opening: String, name: String)] = [
    ("Began with ", "Began with"), ("Learnt from ", "Learnt from"), ("Chosen on ", "Chosen on"),
    ("Settings: ", "Settings"), ("Chance: ", "Chance"), ("clfa ", "Program"),
  ]

  /// Reads a card.
  public init(_ card: String) {
    var isInList = false
    for line in card.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("| every picture hidden |") { withoutPictures = Self.row(line) }
      if line.hasPrefix("#") { isInList = line.hasPrefix("## How it was made") }
      guard isInList, line.hasPrefix("- ") else { continue }
      let said = line.dropFirst(2)
      guard let known = Self.openings.first(where: { said.hasPrefix($0.opening) }) else { continue }
      let words = known.name == "Program" ? said : said.dropFirst(known.opening.count)
      if known.name == "Chosen on" { validationPosts = Int(words.prefix { $0.isWholeNumber }) }
      if known.name == "Settings" {
        guard let settings = Self.settings(words) else { continue }
        selection = settings.first { $0.name == "selection" }?.words
        lines.append(
          Line(name: known.name, words: settings.map { "\($0.name) \($0.words)" }.joined(separator: " · ")))
      } else {
        lines.append(Line(name: known.name, words: String(words)))
      }
    }
  }

  /// A row of the card's table: accuracy, macro F1, weighted F1, cross-entropy.
  private static func row(_ line: Substring) -> ValidationResult? {
    let numbers = line.split(separator: "|").dropFirst().map {
      Double($0.trimmingCharacters(in: .whitespaces))
    }
    guard numbers.count == 4, case let values = numbers.compactMap({ $0 }), values.count == 4 else { return nil }
    var result = ValidationResult()
    (result.accuracy, result.macroF1, result.weightedF1, result.loss) = (values[0], values[1], values[2], values[3])
    return result
  }

  /// The settings' JSON between backticks, by name.
  private static func settings(_ words: Substring) -> [Line]? {
    guard let start = words.firstIndex(of: "{"), let end = words.lastIndex(of: "}"), start < end,
      let object = try? JSONSerialization.jsonObject(with: Data(words[start...end].utf8)) as? [String: Any]
    else { return nil }
    return object.map { Line(name: plain($0.key), words: said($0.value)) }.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
  }

  private static func said(_ value: Any) -> String {
    switch value {
    case let text as String: text
    case let list as [Any]: list.isEmpty ? "none" : list.map(said).joined(separator: " and ")
    default: "\(value)"
    }
  }

  /// `classWeights` in words.
  private static func plain(_ key: String) -> String {
    key.reduce(into: "") { words, letter in
      words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
  }
}
