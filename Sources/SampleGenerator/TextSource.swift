import Evaluation

/// The texts of one split in one language, one pair after the other.
struct TextSource {
  /// A good and a bad text about one topic.
  struct Pair: Sendable {
    /// The number of the topic in `Topic.all`.
    var topic: Int
    var good: Text
    var bad: Text
  }

  /// A text and the number of its phrase in `Language.phrases(of:)`.
  struct Text: Sendable {
    var phrase: Int
    var text: String
  }

  private let split: Split
  private let language: Language
  private var rounds: (good: ShuffledCycle<Int>, bad: ShuffledCycle<Int>)
  private var topics: [Int] = []
  private var round = (good: 0, bad: 0)
  private var voices: (good: Voice, bad: Voice)
  private var random: SeededGenerator

  init(_ split: Split, in language: Language, seed: UInt64) {
    self.split = split
    self.language = language
    random = SeededGenerator(seed: seed)
    let own = PhrasePairing.rounds(of: split)
    rounds = (ShuffledCycle(own, seed: random.next()), ShuffledCycle(own, seed: random.next()))
    voices = (Voice(language, seed: random.next()), Voice(language, seed: random.next()))
  }

  /// The next pair: every topic once in a round, round after round. English has as many phrases as topics, so a round
  /// uses each of them once, too; another language uses each of its few phrases equally often.
  mutating func next() -> Pair {
    if topics.isEmpty {
      round = (rounds.good.draw(), rounds.bad.draw())
      topics = random.shuffled(Topic.all.indices)
    }
    let topic = topics.removeLast()
    return Pair(topic: topic, good: text(.good, topic), bad: text(.bad, topic))
  }

  private mutating func text(_ mood: Mood, _ topic: Int) -> Text {
    let phrases = language.phrases(of: mood), template = mood == .good ? voices.good.next() : voices.bad.next()
    // A round's split depends on its number modulo ten, and so does that of the same phrase modulo ten.
    let phrase = PhrasePairing.phrase(topic: topic, round: mood == .good ? round.good : round.bad) % phrases.count
    return Text(phrase: phrase, text: template.text(phrases[phrase], about: Topic.all[topic].words(in: language)))
  }
}

/// Templates of posts, every part as frequent as its list says.
private struct Voice {
  private var openings: ShuffledCycle<String>
  private var closings: ShuffledCycle<String>
  private var users: ShuffledCycle<String>
  private var casings: ShuffledCycle<PostTemplate.Casing>

  init(_ language: Language, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    openings = ShuffledCycle(language.openings, seed: random.next())
    closings = ShuffledCycle(language.closings, seed: random.next())
    users = ShuffledCycle(PostTemplate.users, seed: random.next())
    casings = ShuffledCycle(PostTemplate.casings, seed: random.next())
  }

  mutating func next() -> PostTemplate {
    PostTemplate(opening: openings.draw(), closing: closings.draw(), user: users.draw(), casing: casings.draw())
  }
}

/// Cards in a shuffled order, shuffled anew when all were drawn: no card is drawn more than once more than another.
struct ShuffledCycle<Card> {
  private let cards: [Card]
  private var order: [Card] = []
  private var random: SeededGenerator

  /// Begins with a shuffled order of cards, at least one.
  init(_ cards: [Card], seed: UInt64) {
    precondition(!cards.isEmpty, "a cycle needs a card")
    self.cards = cards
    random = SeededGenerator(seed: seed)
  }

  /// The next card.
  mutating func draw() -> Card {
    if order.isEmpty { order = random.shuffled(cards) }
    return order.removeLast()
  }
}
