import Evaluation

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
  private var rounds: ShuffledCycle<Int>
  private var round = 0
  private var order: [Int] = []
  private var openings: ShuffledCycle<String>
  private var closings: ShuffledCycle<String>
  private var users: ShuffledCycle<String>
  private var casings: ShuffledCycle<PostTemplate.Casing>
  private var random: SeededGenerator

  init(_ polarity: Polarity, for split: Split, seed: UInt64) {
    self.polarity = polarity
    phrases = Phrases.of(polarity)
    random = SeededGenerator(seed: seed)
    rounds = ShuffledCycle(PhrasePairing.rounds(of: split), seed: random.next())
    openings = ShuffledCycle(PostTemplate.openings, seed: random.next())
    closings = ShuffledCycle(PostTemplate.closings, seed: random.next())
    users = ShuffledCycle(PostTemplate.users, seed: random.next())
    casings = ShuffledCycle(PostTemplate.casings, seed: random.next())
  }

  /// The next text: every phrase once in a round, round after round.
  mutating func next() -> Text {
    if order.isEmpty {
      round = rounds.draw()
      order = random.shuffled(phrases.indices)
    }
    let phrase = order.removeLast()
    let topic = PhrasePairing.topic(phrase: phrase, round: round)
    let dressing = PostTemplate(
      opening: openings.draw(), closing: closings.draw(), user: users.draw(), casing: casings.draw())
    return Text(
      polarity: polarity, phrase: phrase, topic: topic, text: dressing.text(phrases[phrase], about: Topics.all[topic]))
  }
}

/// Cards in a shuffled order, shuffled anew when all were drawn: no card is drawn more than once more than another.
struct ShuffledCycle<Card> {
  private let cards: [Card]
  private var order: [Card] = []
  private var random: SeededGenerator

  /// Lays out cards, at least one.
  init(_ cards: [Card], seed: UInt64) {
    precondition(!cards.isEmpty, "A deck has cards.")
    self.cards = cards
    random = SeededGenerator(seed: seed)
  }

  /// The next card.
  mutating func draw() -> Card {
    if order.isEmpty { order = random.shuffled(cards) }
    return order.removeLast()
  }
}
