import Evaluation
import Testing

@Suite struct PairedPredictionsTests {
  @Test func countsWhatTellsThemApart() {
    var pairs = PairedPredictions(labels: ["a", "b", "c"])
    for (truth, first, second, count) in [
      ("a", "a", "a", 5), ("a", "a", "b", 3), ("b", "a", "b", 2), ("b", "a", "c", 4), ("c", "b", "b", 1),
      ("other", "a", "b", 7),
    ] {
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
