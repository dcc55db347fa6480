/// One of the three parts of the corpus.
package enum Split: String, CaseIterable, Sendable {
  case train
  case validation
  case test
}

/// Which phrase meets which topic, and in which split.
///
/// There are as many topics as English phrases of a mood. In *round* r phrase number i meets topic number i + r, modulo
/// their count: a round uses every phrase once and every topic once, and all rounds together every combination once.
/// A round belongs to one split, whatever the seed: of each ten, seven are for training, one for validation and two for
/// the test. So the test knows every phrase and every topic and none of their combinations, and whole rounds keep
/// phrases and topics equally frequent.
package enum PhrasePairing {
  /// The English phrases of a mood, the topics, and the rounds.
  package static let count = Topic.all.count

  /// The rounds of a split.
  package static func rounds(of split: Split) -> [Int] { (0..<count).filter { self.split(ofRound: $0) == split } }

  /// The phrase that a topic meets in a round.
  package static func phrase(topic: Int, round: Int) -> Int { (topic + count - round) % count }

  /// The only split that may have a combination.
  package static func split(phrase: Int, topic: Int) -> Split { split(ofRound: (topic + count - phrase) % count) }

  private static func split(ofRound round: Int) -> Split {
    switch round % 10 {
    case ..<7: .train
    case 7: .validation
    default: .test
    }
  }
}
