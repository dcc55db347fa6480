import Seeded

/// Cards in a shuffled order, shuffled anew when all were drawn: no card is drawn more than once more than another.
struct Deck<Card> {
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
