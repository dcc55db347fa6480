import Bytes
import Evaluation
import Testing

@Suite struct ConfusionMatrixBootstrapTests {
  private func matrix(_ right: Int, _ wrong: Int) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    matrix.add(truth: "a", predicted: "a", count: right)
    matrix.add(truth: "a", predicted: "b", count: wrong)
    return matrix
  }

  private func accuracy(_ matrix: ConfusionMatrix) -> Double { ClassificationMetrics(matrix).accuracy.value }

  /// A share's interval is about ± 1.96 √(p (1 − p) / n).
  @Test(arguments: [(80, 20), (950, 50), (900, 600), (3_000, 9), (60_000, 40_000), (900_000, 100_000)])
  func anAccuracyHasTheIntervalOfAShare(right: Int, wrong: Int) throws {
    let n = Double(right + wrong), p = Double(right) / n
    let half = 1.96 * (p * (1 - p) / n).squareRoot()
    let interval = try #require(ConfusionMatrixBootstrap(matrix(right, wrong)).interval(of: accuracy))
    #expect(abs((interval.high - interval.low) / (2 * half) - 1) < 0.15)
    #expect(abs((interval.high + interval.low) / 2 - p) < 0.25 * half)
  }

  @Test func everyDrawHasAsManyPosts() {
    var totals: Set<Int> = []
    _ = ConfusionMatrixBootstrap(matrix(37, 5)).interval {
      totals.insert($0.total)
      return 0
    }
    #expect(totals == [42])
  }

  @Test func theSameSeedDrawsTheSame() {
    let some = matrix(7_000, 3_000)
    #expect(
      ConfusionMatrixBootstrap(some).interval(of: accuracy) == ConfusionMatrixBootstrap(some).interval(of: accuracy))
    #expect(
      ConfusionMatrixBootstrap(some, seed: 1).interval(of: accuracy)
        != ConfusionMatrixBootstrap(some, seed: 2).interval(of: accuracy))
  }

  @Test func aPerfectMatrixHasNoEmptyInterval() {
    #expect(ConfusionMatrixBootstrap(matrix(9, 0)).interval(of: accuracy) == nil)
    #expect(ConfusionMatrixBootstrap(matrix(0, 9)).interval(of: accuracy) == nil)
    #expect(ConfusionMatrixBootstrap(ConfusionMatrix(labels: ["a"])).interval(of: accuracy) == nil)
  }
}
