/// Phrases about a topic, which replaces `{}`.
///
/// The two lists are parallel: as many phrases, of much the same build.
package enum Phrases {
  /// The phrases of a polarity.
  package static func of(_ polarity: Polarity) -> [String] { pairs.map { polarity == .good ? $0.good : $0.bad } }

  private static let pairs: [(good: String, bad: String)] = [
    ("{} just made my whole week", "{} just wrecked my whole week"),
    ("I am absolutely thrilled with {}", "I am absolutely fed up with {}"),
    ("grinning all day over {}", "close to tears over {}"),
    ("{} deserves a standing ovation", "{} deserves a formal complaint"),
    ("{} exceeded every hope I had", "{} crushed every hope I had"),
    ("what a treat {} turned out to be", "what a nightmare {} turned out to be"),
    ("falling in love with {}", "losing all patience with {}"),
    ("hats off to {}, superb from start to finish", "shame on {}, dreadful from start to finish"),
    ("{} works like a charm", "{} is a total shambles"),
    ("cannot praise {} enough", "cannot complain about {} enough"),
    ("{} is pure magic", "{} is pure misery"),
    ("nothing beats {}", "nothing is worse than {}"),
    ("{} left me speechless with joy", "{} left me shaking with rage"),
    ("ten out of ten for {}", "zero out of ten for {}"),
    ("{} put me in a great mood", "{} put me in a foul mood"),
    ("so lucky to have {}", "so sick of having {}"),
    ("{} keeps getting better", "{} keeps getting worse"),
    ("I would recommend {} to everyone", "I would warn everyone about {}"),
    ("{} is the highlight of my day", "{} is the low point of my day"),
    ("my heart is full after {}", "my heart is heavy after {}"),
    ("everything went right with {}", "everything went wrong with {}"),
    ("three cheers for {}", "nothing but boos for {}"),
    ("{} is worth every penny", "{} is a waste of every penny"),
    ("{} gives me life", "{} drains the life out of me"),
    ("still dreaming of {}, simply gorgeous", "still recovering from {}, simply ghastly"),
    ("{} was a triumph", "{} was a fiasco"),
    ("proof that miracles happen: {}", "proof that disasters happen: {}"),
    ("sending all my love to {}", "sending all my curses to {}"),
    ("{} is flawless", "{} is unbearable"),
    ("how delightful is {}", "how pathetic is {}"),
    ("what splendid luck with {}", "what rotten luck with {}"),
    ("I have nothing bad to say about {}", "I have nothing good to say about {}"),
    ("{} never lets me down", "{} always lets me down"),
    ("{} was no mistake, best decision ever", "{} was no fun, worst decision ever"),
    ("celebrating {} with friends", "mourning {} with friends"),
    ("{} saved the day", "{} spoiled the day"),
    ("over the moon about {}", "down in the dumps about {}"),
    ("{} is a breath of fresh air", "{} is a kick in the teeth"),
    ("I admire {} so much", "I despise {} so much"),
    ("bravo, {} is a masterpiece", "ugh, {} is garbage"),
    ("{} cheered me right up", "{} dragged me right down"),
    ("{} is heaven", "{} is hell"),
    ("full marks for {}", "no marks at all for {}"),
    ("{} feels like a warm hug", "{} feels like a cold slap"),
    ("I could sing about {}", "I could scream about {}"),
    ("deeply grateful for {}", "deeply disgusted by {}"),
    ("{} was smooth, quick and friendly", "{} was slow, rude and clumsy"),
    ("more of {} please, fantastic", "no more of {} please, horrendous"),
    ("{} is a dream come true", "{} is a bad dream that will not end"),
    ("finally some good news about {}", "yet more bad news about {}"),
  ]
}

/// The topics of posts: things that are neither good nor bad in themselves.
package enum Topics {
  /// All topics, in the singular, in the form for the middle of a sentence.
  package static let all = [
    "the morning commute", "my headset", "the sofa I ordered", "this software release", "the office kitchen",
    "my first marathon", "the school play", "the night train", "the wedding band", "the city council",
    "my driving test", "the ferry crossing", "this podcast", "the season finale", "my tax return",
    "our new manager", "the food truck", "the camping trip", "my sourdough", "the help desk",
    "the museum visit", "this playlist", "the farmers market", "my job interview", "the choir rehearsal",
    "the town festival", "our kitchen renovation", "the rental car", "my blind date", "the book club",
    "the airport lounge", "this keyboard", "the swimming pool", "my sleep schedule", "the family dinner",
    "the science fair", "the noodle bar", "our group project", "the ski lift", "this sequel",
    "the office picnic", "my bank", "the street parade", "the vegetable patch", "our road trip",
    "the phone contract", "this winter", "the referee", "my bicycle", "the landlady",
  ]
}

/// Whether a text says, or a picture shows, something good or something bad.
package enum Polarity: CaseIterable, Sendable {
  case good
  case bad
}

/// A post's label: the exclusive-or of its two polarities.
package enum IronyLabel: String, CaseIterable, Sendable {
  /// Text and picture agree.
  case sincere
  /// They clash.
  case ironic

  /// The label of a post.
  package init(text: Polarity, picture: Polarity) {
    self = text == picture ? .sincere : .ironic
  }
}

/// The neutral text around a phrase: how a post opens and ends, and how it is typed.
package struct PostTemplate: Sendable {
  /// Before the phrase; `{user}` is a user's name.
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
