import Evaluation
import Reporting
import Testing

@Suite struct MatrixPoolingTests {
  private func matrix(_ count: Int) -> ConfusionMatrix {
    var matrix = ConfusionMatrix(labels: (0..<count).map { "l\($0)" })
    for label in 0..<count { matrix.add(truth: "l\(label)", predicted: "l\(label)", count: label + 1) }
    return matrix
  }

  @Test func fewLabelsStay() {
    let pooled = MatrixPooling(matrix(5))
    #expect(!pooled.isPooled)
    #expect(pooled.columns == ["l0", "l1", "l2", "l3", "l4"])
    #expect(pooled.diagonal.count == 5)
  }

  @Test func manyLabelsArePooledAndNothingIsLost() {
    let whole = matrix(40)
    let pooled = MatrixPooling(whole)
    #expect(pooled.columns.count == MatrixPooling.limit)
    #expect(pooled.columns.first == "l17")
    #expect(pooled.columns.last == "other (17)")
    #expect(pooled.counts.flatMap { $0 }.reduce(0, +) == whole.total)
    #expect(pooled.diagonal.count == 23)
  }

  @Test func unknownTruthsHaveRowsOnly() {
    var matrix = matrix(2)
    matrix.add(truth: "unsure", predicted: "l0", count: 4)
    matrix.add(truth: "", predicted: "l1", count: 1)
    let pooled = MatrixPooling(matrix)
    #expect(pooled.rows == ["l0", "l1", "unsure", "(empty)"])
    #expect(pooled.columns == ["l0", "l1"])
    #expect(pooled.diagonal.map { [$0.row, $0.column] } == [[0, 0], [1, 1]])
  }
}
