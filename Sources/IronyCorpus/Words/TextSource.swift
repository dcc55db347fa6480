import Seeded

/// The texts of one polarity for one split, one after the other.
struct TextSource {
  /// A text and what it is made of.
  struct Text: Sendable {
    var polarity: Polarity
    var phrase: Int
    var topic: Int
    var text: String
  }

  private let polarity: Polarity
  private let phrases: [String]
  private var rounds: Deck<Int>
  private var round = 0
  private var order: [Int] = []
  private var openings: Deck<String>
  private var closings: Deck<String>
  private var users: Deck<String>
  private var voices: Deck<Dressing.Voice>
  private var random: SeededGenerator

  init(_ polarity: Polarity, for split: Split, seed: UInt64) {
    self.polarity = polarity
    phrases = Phrases.of(polarity)
    random = SeededGenerator(seed: seed)
    rounds = Deck(Pairing.rounds(of: split), seed: random.next())
    openings = Deck(Dressing.openings, seed: random.next())
    closings = Deck(Dressing.closings, seed: random.next())
    users = Deck(Dressing.users, seed: random.next())
    voices = Deck(Dressing.voices, seed: random.next())
  }

  /// The next text: every phrase once in a round, round after round.
  mutating func next() -> Text {
    if order.isEmpty {
      round = rounds.draw()
      order = random.shuffled(phrases.indices)
    }
    let phrase = order.removeLast()
    let topic = Pairing.topic(phrase: phrase, round: round)
    let dressing = Dressing(
      opening: openings.draw(), closing: closings.draw(), user: users.draw(), voice: voices.draw())
    return Text(
      polarity: polarity, phrase: phrase, topic: topic, text: dressing.text(phrases[phrase], about: Topics.all[topic]))
  }
}
