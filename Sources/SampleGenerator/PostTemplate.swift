/// The parts of an English post that say nothing of its mood: how it opens and ends, and how it is typed.
package struct PostTemplate: Sendable {
  /// Before the phrase; `{user}` is somebody's name.
  package static let openings = [
    "", "", "", "", "honestly, ", "update: ", "ok so, ", "note to self: ", "listen, ", "well, ", "{user} ", "{user} ",
  ]
  /// After it.
  package static let closings = [
    "", "", "", ".", "!", "!!", "...", " tbh", " fyi", " that is all", " #justsaying", " #dailylife", " #storytime",
    " #Thoughts", " #OnTheRoad", " #mood", " {user}", " {user} #longread",
  ]
  /// Who is spoken to.
  package static let users = [
    "@noor_w", "@tomasz88", "@lena_codes", "@cityrail", "@marcop", "@hey_kim", "@quickmart", "@dr_okafor",
    "@bluebus", "@weekendcrew",
  ]

  /// How a post is typed.
  package enum Casing: CaseIterable, Sendable {
    /// A capital first.
    case written
    /// No capital at all.
    case lower
    /// Capitals only, but for user names.
    case shouted
  }

  /// How often each is heard.
  package static let casings: [Casing] = [.written, .written, .written, .lower, .lower, .lower, .lower, .shouted]

  package var opening: String
  package var closing: String
  package var user: String
  package var casing: Casing

  package init(opening: String, closing: String, user: String, casing: Casing) {
    self.opening = opening
    self.closing = closing
    self.user = user
    self.casing = casing
  }

  /// A post's text.
  package func text(_ phrase: String, about topic: String) -> String {
    let plain = opening + phrase.replacing("{}", with: topic) + closing
    return typed(plain).replacing("{user}", with: user)
  }

  /// The text as it is typed; `{user}` stays.
  private func typed(_ text: String) -> String {
    switch casing {
    case .lower: text.lowercased()
    case .shouted: text.uppercased().replacing("{USER}", with: "{user}")
    case .written: text.prefix(1).uppercased() + text.dropFirst()
    }
  }
}
