import Bytes
import Evaluation
import Testing

@Suite struct AblationTableTests {
  /// Four posts, two seeds. Without alignment 2 and 3 of 4 are right, with it 4 and 3.
  private static let table = AblationTable(
    keys: ["alpha"],
    settings: [
      (
        ["0"],
        [
          AblationTable.Run(seed: 1, predicted: ["a", "a", "a", "a"]),
          AblationTable.Run(seed: 2, predicted: ["a", "a", "b", "a"]),
        ]
      ),
      (
        ["1"],
        [
          AblationTable.Run(seed: 1, predicted: ["a", "a", "b", "b"]),
          AblationTable.Run(seed: 2, predicted: ["a", "a", "b", "a"]),
        ]
      ),
    ], truths: ["a", "a", "b", "b"], labels: ["a", "b"], baseline: "alpha=0", baselines: [0, 0])

  @Test func theNumbersEqualThoseComputedByHand() throws {
    let table = Self.table
    #expect(table.posts == 4 && table.rows.count == 2 && table.name(of: 1) == "alpha=1")
    let (without, with) = (table.rows[0], table.rows[1])
    #expect(abs(without.accuracy.mean - 0.625) < 1e-12)
    // (0.5 and 0.75): deviation 0.25 / √2.
    #expect(abs((without.accuracy.deviation ?? 0) - 0.1767767) < 1e-6)
    // Seed 1: F1 of a 4/6, of b 0, mean 1/3. Seed 2: a 4/5, b 2/3, mean 11/15. Their mean 8/15.
    #expect(abs(without.macroF1.mean - 8.0 / 15) < 1e-12)
    #expect(abs(without.weightedF1.mean - 8.0 / 15) < 1e-12)
    #expect(abs(with.macroF1.mean - (1 + 11.0 / 15) / 2) < 1e-12)
    #expect(without.comparison == nil)
    let comparison = try #require(with.comparison)
    #expect(abs(comparison.difference - 1.0 / 3) < 1e-12)
    #expect(comparison.low >= 0 && comparison.high <= 0.5 + 1e-12)
  }

  @Test func aTruthThatNoModelKnowsCountsAsWrong() {
    let run = AblationTable.Run(seed: 1, predicted: ["a", "b"])
    let table = AblationTable(
      keys: ["alpha"], settings: [(["0"], [run]), (["1"], [run])], truths: ["a", "c"], labels: ["a", "b"],
      baseline: "alpha=1", baselines: [1, 1], draws: 100)
    // F1 of a 1, of b 0, of c 0.
    #expect(abs(table.rows[0].macroF1.mean - 1.0 / 3) < 1e-12)
    #expect(table.rows[0].comparison?.difference == 0 && table.rows[1].comparison == nil)
  }

  @Test func eachSettingHasItsOwnBaseline() {
    let (right, wrong): ([ByteText], [ByteText]) = (["a", "b"], ["b", "a"])
    let settings: [([String], [AblationTable.Run])] = [wrong, right, right, wrong].map {
      (["x"], [AblationTable.Run(seed: 1, predicted: $0)])
    }
    let table = AblationTable(
      keys: ["k"], settings: settings, truths: right, labels: right, baseline: "some", baselines: [0, 1, 0, 1],
      draws: 10)
    #expect(table.rows.map { $0.comparison?.difference } == [nil, nil, 1, -1])
  }

  @Test func labelsAreBytes() {
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    let runs = [[one, one], [one, two]].map { [AblationTable.Run(seed: 1, predicted: $0)] }
    let table = AblationTable(
      keys: ["k"], settings: [(["0"], runs[0]), (["1"], runs[1])], truths: [one, two], labels: [one, two],
      baseline: "k=1", baselines: [1, 1], draws: 10)
    #expect(table.rows.map(\.accuracy.mean) == [0.5, 1])
    #expect(abs((table.rows[0].comparison?.difference ?? 0) + 2.0 / 3) < 1e-12)
  }
}

@Suite struct MeanAndDeviationTests {
  @Test func isTheMeanAndTheDeviationOfASample() {
    let spread = MeanAndDeviation([0.5, 0.7, 0.9])
    #expect(abs(spread.mean - 0.7) < 1e-12 && spread.count == 3)
    #expect(spread.deviation.map { abs($0 - 0.2) < 1e-12 } == true)
  }

  @Test func oneRunHasNoDeviation() {
    #expect(MeanAndDeviation([0.25]) == MeanAndDeviation([0.25]))
    #expect(MeanAndDeviation([0.25]).mean == 0.25 && MeanAndDeviation([0.25]).deviation == nil)
  }
}
