/// A picture in one English sentence, as a program that captions pictures would write it.
package enum Caption {
  /// `a picture of a pizza next to a skull`.
  package static func of(topic: Glyph, mood: Glyph) -> String {
    "a picture of \(withArticle(topic.name)) next to \(withArticle(mood.name))"
  }

  /// Names that take no article.
  private static let bare: Set<String> = [
    "bread", "books", "clapping hands", "fireworks", "grapes", "hundred points", "no entry", "prohibited", "scissors",
    "star-struck", "thumbs down", "thumbs up",
  ]

  private static func withArticle(_ name: String) -> String {
    if bare.contains(name) { return name }
    return ("aeiou".contains(name.prefix(1)) ? "an " : "a ") + name
  }
}
