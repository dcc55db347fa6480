import Inputs
import Evaluation
import Testing

@Suite struct BytePairMergingTests {
  /// A simple implementation that checks all neighbours before every merge.
  private static func plain(_ symbols: [Int32], _ rules: [(left: Int32, right: Int32, piece: Int32)]) -> [Int32] {
    var ids = symbols
    while true {
      var best: (rank: Int, place: Int)?
      for place in ids.indices.dropLast() {
        let rank = rules.firstIndex { $0.left == ids[place] && $0.right == ids[place + 1] }
        if let rank, rank < best?.rank ?? .max { best = (rank, place) }
      }
      guard let best else { return ids }
      ids.replaceSubrange(best.place...(best.place + 1), with: [rules[best.rank].piece])
    }
  }

  @Test func equalsASimpleImplementation() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<300 {
      let symbols = 2 + Int(random.next() % 4)
      var rules: [(left: Int32, right: Int32, piece: Int32)] = []
      for piece in 0..<(1 + Int(random.next() % 12)) {
        let known = UInt64(symbols + piece)
        rules.append((Int32(random.next() % known), Int32(random.next() % known), Int32(symbols + piece)))
      }
      let word = (0..<Int(random.next() % 40)).map { _ in Int32(random.next() % UInt64(symbols)) }
      #expect(BytePairMerging(rules)(word) == Self.plain(word, rules))
    }
  }
}
