/// A glyph of the emoji font, and the English name that Unicode's CLDR gives it.
package struct Glyph: Hashable, Sendable {
  /// What is typed for it, with the selector that asks for the picture.
  package let character: String
  /// What the column `picture` calls it.
  package let name: String

  package init(character: String, name: String) {
    self.character = character
    self.name = name
  }

  /// The glyphs that clearly show something good, or something bad.
  package static func of(_ polarity: Polarity) -> [Glyph] { polarity == .good ? good : bad }

  private static let good = listed([
    "🎉": "party popper", "☀️": "sun", "❤️": "red heart", "🏆": "trophy", "🎁": "wrapped gift",
    "💐": "bouquet", "🌈": "rainbow", "👑": "crown", "🎂": "birthday cake", "🎆": "fireworks",
    "🌟": "glowing star", "🍀": "four leaf clover", "👍": "thumbs up", "👏": "clapping hands", "🥇": "1st place medal",
    "🎈": "balloon", "💖": "sparkling heart", "😍": "smiling face with heart-eyes", "🤩": "star-struck",
    "😁": "beaming face with smiling eyes", "😎": "smiling face with sunglasses", "🤗": "hugging face",
    "🍾": "bottle with popping cork", "💎": "gem stone", "🌻": "sunflower",
  ])

  private static let bad = listed([
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
