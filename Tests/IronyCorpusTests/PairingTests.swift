import IronyCorpus
import Testing

@Suite struct PairingTests {
  @Test func everyRoundBelongsToOneSplit() {
    let rounds = Split.allCases.map { Pairing.rounds(of: $0) }
    #expect(rounds.map(\.count) == [35, 5, 10])
    #expect(rounds.flatMap { $0 }.sorted() == Array(0..<Pairing.count))
  }

  @Test(arguments: Split.allCases) func aRoundUsesEveryTopicOnceAndKnowsItsSplit(_ split: Split) {
    for round in Pairing.rounds(of: split) {
      let topics = (0..<Pairing.count).map { Pairing.topic(phrase: $0, round: round) }
      #expect(topics.sorted() == Array(0..<Pairing.count))
      for (phrase, topic) in topics.enumerated() { #expect(Pairing.split(phrase: phrase, topic: topic) == split) }
    }
  }
}
