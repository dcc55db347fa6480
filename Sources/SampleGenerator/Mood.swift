/// The mood of a text, or of a picture.
package enum Mood: CaseIterable, Sendable {
  case good
  case bad

  /// The emoji that show it.
  package var glyphs: [Glyph] { self == .good ? Self.goodGlyphs : Self.badGlyphs }

  /// How a description of a picture names it.
  package var words: String { self == .good ? "wonderful, happy" : "awful, sad" }

  private static let goodGlyphs = listed([
    "❤️": "red heart", "🏆": "trophy", "🎁": "wrapped gift", "🌈": "rainbow", "👑": "crown", "🎉": "party popper",
    "🌟": "glowing star", "👍": "thumbs up", "🎈": "balloon", "😍": "smiling face with heart-eyes", "🤩": "star-struck",
    "🌻": "sunflower",
  ])

  private static let badGlyphs = listed([
    "💀": "skull", "💔": "broken heart", "😠": "angry face", "😭": "loudly crying face", "👎": "thumbs down",
    "💩": "pile of poo", "🤮": "face vomiting", "💣": "bomb", "⛔": "no entry", "☣️": "biohazard", "🌪️": "tornado",
    "❌": "cross mark",
  ])

  private static func listed(_ names: KeyValuePairs<String, String>) -> [Glyph] {
    names.map { Glyph(character: $0.key, name: $0.value) }
  }
}

/// The label of a post: the exclusive-or of its two moods.
package enum IronyLabel: String, CaseIterable, Sendable {
  /// The moods of text and picture agree.
  case sincere
  /// They clash.
  case ironic

  /// The label of a post.
  package init(text: Mood, picture: Mood) {
    self = text == picture ? .sincere : .ironic
  }
}

/// An emoji, and the English name that Unicode's CLDR gives it.
package struct Glyph: Hashable, Sendable {
  /// What is typed for it, with the selector that asks for the picture.
  package let character: String
  /// Its name in the column `picture`.
  package let name: String

  package init(character: String, name: String) {
    self.character = character
    self.name = name
  }
}
