import Bytes
import Evaluation
import Testing

@Suite struct McNemarTests {
  /// b, c and the result of SciPy 1.17's `binomtest(min(b, c), b + c, 0.5).pvalue`.
  static let known: [(first: Int, second: Int, p: Double)] = [
    (0, 0, 1), (0, 2, 0.5), (6, 5, 1), (1, 9, 0.021484375), (10, 10, 1), (3, 17, 0.0025768280029296875),
    (0, 40, 1.8189894035458565e-12), (120, 180, 0.0006342200069283566), (1000, 1100, 0.03072070786424249),
    (30000, 30500, 0.042485574410371825), (0, 1200, 0),
  ]

  @Test(arguments: known.indices) func equalsSciPy(index: Int) {
    let (first, second, p) = Self.known[index]
    for found in [McNemar(firstOnly: first, secondOnly: second), McNemar(firstOnly: second, secondOnly: first)] {
      #expect(abs(found.p - p) <= 1e-9 * p, "\(found.p)")
    }
  }

  /// Computed coin by coin over all outcomes.
  @Test func equalsTheSumOfAllOutcomes() {
    for throwsOfACoin in 1...12 {
      var outcomes = [Double](repeating: 0, count: throwsOfACoin + 1)
      for bits in 0..<(1 << throwsOfACoin) { outcomes[bits.nonzeroBitCount] += 1 }
      for first in 0...throwsOfACoin {
        let few = min(first, throwsOfACoin - first)
        let expected = min(1, 2 * outcomes[...few].reduce(0, +) / Double(1 << throwsOfACoin))
        let found = McNemar(firstOnly: first, secondOnly: throwsOfACoin - first).p
        #expect(abs(found - expected) < 1e-12, "\(first) of \(throwsOfACoin): \(found)")
      }
    }
  }
}

@Suite struct PairedPredictionsTests {
  @Test func countsPostsThatOnlyOneGetsRight() {
    var pairs = PairedPredictions(labels: ["a", "b", "c"])
    let posts: [(ByteText, ByteText, ByteText, Int)] = [
      ("a", "a", "a", 5), ("a", "a", "b", 3), ("b", "a", "b", 2), ("b", "a", "c", 4), ("c", "b", "b", 1),
      ("other", "a", "b", 7),
    ]
    for (truth, first, second, count) in posts {
      for _ in 0..<count { pairs.add(truth: truth, first: first, second: second) }
    }
    #expect(pairs.total == 22 && pairs.changed == 16)
    #expect(pairs.mcNemar == McNemar(firstOnly: 3, secondOnly: 2))
    #expect(ClassificationMetrics(pairs.first).accuracy.value == 8.0 / 22)
    #expect(ClassificationMetrics(pairs.second).accuracy.value == 7.0 / 22)
  }

  @Test func labelsAreBytes() {
    var pairs = PairedPredictions(labels: ["caf\u{E9}", "cafe\u{301}"])
    pairs.add(truth: "caf\u{E9}", first: "caf\u{E9}", second: "cafe\u{301}")
    #expect(pairs.changed == 1 && pairs.mcNemar == McNemar(firstOnly: 1, secondOnly: 0))
  }
}
