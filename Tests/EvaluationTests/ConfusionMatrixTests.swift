import Bytes
import Evaluation
import Testing

@Suite struct ConfusionMatrixTests {
  @Test func equalsScikitLearn() throws {
    for golden in try GoldenCase.all() {
      #expect(golden.matrix.counts == golden.confusion, "\(golden.name)")
      #expect(golden.matrix.rows.map(\.text) == golden.rows, "\(golden.name)")
    }
  }

  @Test func anUnknownTruthHasARowAndNoColumn() {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    let counted = matrix.add(truth: "unsure", predicted: "yes", count: 2)
    #expect(counted)
    #expect(matrix.rows == ["no", "yes", "unsure"])
    #expect(matrix.counts == [[0, 0], [0, 0], [0, 2]])
    #expect(matrix.unknownTruths == ["unsure"])
  }

  @Test func anUnknownPredictionIsRejected() {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    let counted = matrix.add(truth: "no", predicted: "maybe")
    #expect(!counted)
    #expect(matrix.total == 0)
  }

  @Test func labelsAreBytes() {
    let (one, two): (ByteText, ByteText) = ("caf\u{E9}", "cafe\u{301}")
    var matrix = ConfusionMatrix(labels: [one, two])
    matrix.add(truth: one, predicted: two, count: 3)
    #expect(matrix.counts == [[0, 3], [0, 0]])
    #expect(matrix.rowIndex(of: two) == 1)
    #expect(ConfusionMatrix(labels: [one]) != ConfusionMatrix(labels: [two]))
    #expect(ClassificationMetrics(matrix, positive: one).binary?.predicted == 0)
  }

  @Test func matricesAddUpLabelByLabel() {
    var one = ConfusionMatrix(labels: ["no", "yes"])
    one.add(truth: "no", predicted: "yes", count: 2)
    var two = ConfusionMatrix(labels: ["no", "yes"])
    two.add(truth: "unsure", predicted: "no")
    one.add(two)
    #expect(one.total == 3)
    #expect(one.support(row: 2) == 1)
    #expect(one.predicted(column: 1) == 2)
  }
}

@Suite struct MatrixMetricsTests {
  @Test func equalsScikitLearn() throws {
    for golden in try GoldenCase.all() {
      #expect(abs(golden.matrix.balancedAccuracy.value - golden.balanced) < 1e-12, "\(golden.name)")
      #expect(abs(golden.matrix.matthewsCorrelation.value - golden.mcc) < 1e-12, "\(golden.name)")
    }
  }

  @Test func constantLabelsAreUndefined() {
    var matrix = ConfusionMatrix(labels: ["a", "b"])
    #expect(matrix.balancedAccuracy.undefined == 1 && matrix.matthewsCorrelation.undefined == 1)
    matrix.add(truth: "a", predicted: "b", count: 7)
    #expect(matrix.balancedAccuracy.value == 0 && matrix.balancedAccuracy.undefined == 0)
    #expect(matrix.matthewsCorrelation.undefined == 1)
  }
}
