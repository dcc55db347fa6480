import Bytes
import Evaluation
import Results
import ResultsFixtures
import Testing

@Suite struct ConfusionMatrixSummaryTests {
  private func expectEqual(_ matrix: ConfusionMatrix, sourceLocation: SourceLocation = #_sourceLocation) {
    let (numbers, metrics) = (ConfusionMatrixSummary(matrix), ClassificationMetrics(matrix))
    for (number, score) in [
      (numbers.accuracy, metrics.accuracy), (numbers.balancedAccuracy, matrix.balancedAccuracy),
      (numbers.macroF1, metrics.macro.f1), (numbers.weightedF1, metrics.weighted.f1),
      (numbers.correlation, matrix.matthewsCorrelation),
    ] + metrics.labels.indices.map({ (numbers.f1($0), metrics.labels[$0].scores.f1) }) {
      #expect(abs(number - score.value) < 1e-12, sourceLocation: sourceLocation)
    }
  }

  @Test func equalsTheMetrics() {
    let labels = (0..<7).map { "label \($0)" as ByteText }
    var matrix = ConfusionMatrix(labels: labels)
    expectEqual(matrix)
    for post in 0..<500 {
      let truth = Int(noise(post) * 6), isRight = noise(post + 1000) > 0.4
      matrix.add(truth: labels[truth], predicted: labels[isRight ? truth : Int(noise(post + 2000) * 6)])
    }
    expectEqual(matrix)
    matrix.add(truth: "unknown to the model", predicted: "label 2", count: 9)
    expectEqual(matrix)
  }

  @Test func oneClassIsSummarized() {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    matrix.add(truth: "no", predicted: "no", count: 3)
    expectEqual(matrix)
    expectEqual(ConfusionMatrix(labels: []))
  }
}
