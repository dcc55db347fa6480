import Evaluation
import Testing

@Suite struct McNemarTests {
  /// b, c and what SciPy 1.17's `binomtest(min(b, c), b + c, 0.5).pvalue` says.
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

  /// The coins of every outcome, thrown one by one.
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
