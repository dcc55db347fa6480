/// The mood of a text, or of a picture.
package enum Mood: CaseIterable, Sendable {
  case good
  case bad

  /// The emoji that show it.
  package var glyphs: [Glyph] { self == .good ? Self.goodGlyphs : Self.badGlyphs }

  private static let goodGlyphs = listed([
    "❤️": "red heart", "🏆": "trophy", "🎁": "wrapped gift", "💐": "bouquet", "🌈": "rainbow", "👑": "crown",
    "🎉": "party popper", "🎆": "fireworks", "🌟": "glowing star", "🍀": "four leaf clover", "👍": "thumbs up",
    "👏": "clapping hands", "🥇": "1st place medal", "🎈": "balloon", "💖": "sparkling heart",
    "😍": "smiling face with heart-eyes", "🤩": "star-struck", "😁": "beaming face with smiling eyes",
    "😎": "smiling face with sunglasses", "🤗": "smiling face with open hands", "🍾": "bottle with popping cork",
    "💎": "gem stone", "🌻": "sunflower", "☀️": "sun", "💯": "hundred points",
  ])

  private static let badGlyphs = listed([
    "💀": "skull", "💔": "broken heart", "⛈️": "cloud with lightning and rain", "😠": "angry face",
    "😡": "enraged face", "😢": "crying face", "😭": "loudly crying face", "👎": "thumbs down", "💩": "pile of poo",
    "🤢": "nauseated face", "🤮": "face vomiting", "💣": "bomb", "⛔": "no entry", "🚫": "prohibited",
    "☣️": "biohazard", "🌪️": "tornado", "🗑️": "wastebasket", "⚰️": "coffin", "❌": "cross mark", "⚠️": "warning",
    "🚑": "ambulance", "😨": "fearful face", "😱": "face screaming in fear", "📉": "chart decreasing",
    "🚨": "police car light",
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
