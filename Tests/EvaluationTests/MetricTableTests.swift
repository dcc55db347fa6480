import Evaluation
import Testing

@Suite struct MetricTableTests {
  private func matrix(_ right: Int, _ wrong: Int) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    matrix.add(truth: "yes", predicted: "yes", count: right)
    matrix.add(truth: "no", predicted: "yes", count: wrong)
    return matrix
  }

  @Test func everyMetricIsNamed() {
    let table = MetricTable(Evaluation(labels: ["no", "yes"], matrices: [.all: matrix(3, 1)]))
    #expect(
      table.rows.map(\.metric) == [
        "accuracy", "binary_precision", "binary_recall", "binary_f1", "macro_precision", "macro_recall",
        "macro_f1", "weighted_precision", "weighted_recall", "weighted_f1", "precision", "recall", "f1",
        "precision", "recall", "f1",
      ])
    #expect(table.rows[1].label == "yes")
    #expect(table.rows[0].score.value == 0.75)
    #expect(table.rows[0].count == 4)
    #expect(table.rows.last?.count == 3)
  }

  @Test func aSliceWithoutPostsHasNoRows() {
    let table = MetricTable(
      Evaluation(labels: ["no", "yes"], matrices: [.all: matrix(3, 1), .bothSides: matrix(3, 1)]))
    #expect(Set(table.rows.map(\.slice)) == [.all, .bothSides])
  }

  @Test func theSlicesAreCountedApart() {
    let evaluation = Evaluation(
      labels: ["no", "yes"],
      matrices: [.all: matrix(4, 2), .bothSides: matrix(3, 0), .withoutPicture: matrix(1, 2)])
    #expect(evaluation[.bothSides]?.metrics.accuracy.value == 1)
    #expect(evaluation[.withoutPicture]?.metrics.total == 3)
  }
}
