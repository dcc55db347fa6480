import Evaluation
import Testing

@Suite struct MatrixMetricsTests {
  @Test func equalsScikitLearn() throws {
    for golden in try GoldenCase.all() {
      #expect(abs(golden.matrix.balancedAccuracy.value - golden.balanced) < 1e-12, "\(golden.name)")
      #expect(abs(golden.matrix.matthewsCorrelation.value - golden.mcc) < 1e-12, "\(golden.name)")
    }
  }

  @Test func whatNeverChangesIsUndefined() {
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    #expect(matrix.balancedAccuracy.undefined == 1 && matrix.matthewsCorrelation.undefined == 1)
    matrix.add(truth: "a", predicted: "b", count: 7)
    #expect(matrix.balancedAccuracy.value == 0 && matrix.balancedAccuracy.undefined == 0)
    #expect(matrix.matthewsCorrelation.undefined == 1)
  }
}
