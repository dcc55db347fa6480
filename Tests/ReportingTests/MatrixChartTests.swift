import Bytes
import Evaluation
import Reporting
import Results
import Testing

@Suite struct MatrixChartTests {
  @Test(arguments: [1, 2, 3, 5, 8, 12, 24, 40]) func aMatrixFitsThePage(count: Int) throws {
    var matrix = ConfusionMatrix(labels: (0..<count).map { "a label of some length, number \($0)" })
    for label in matrix.labels { matrix.add(truth: label, predicted: label, count: 1234) }
    let chart = ConfusionBlock.chart(MatrixPooling(matrix))
    let width = PageFormat.body.width
    let geometry = MatrixGeometry(chart: chart, typesetter: try Typesetter(), width: width)
    #expect(geometry.grid.maxX + geometry.noteWidth <= width - 60)
    #expect(geometry.height <= PageFormat.body.height)
    #expect(geometry.cellWidth >= 9)
    #expect(geometry.cellSize >= 3.5)
    #expect(abs(geometry.cellWidth * Double(chart.columns.count) - geometry.grid.width) < 0.001)
    #expect(geometry.cellLines == (count <= 5 ? 3 : count <= 8 ? 2 : 1))
  }

  @Test(arguments: [1, 2, 5, 24]) func aMatrixFitsAColumnOfAPaper(count: Int) throws {
    var matrix = ConfusionMatrix(labels: (0..<count).map { "a label of some length, number \($0)" })
    for label in matrix.labels { matrix.add(truth: label, predicted: label, count: 1234) }
    let chart = ConfusionBlock.chart(MatrixPooling(matrix))
    let geometry = MatrixGeometry(chart: chart, typesetter: try Typesetter(), width: 60 * Figure.millimetre)
    #expect(geometry.cellWidth > 0 && geometry.grid.maxX + geometry.noteWidth < 60 * Figure.millimetre)
  }

  @Test func aCellsShareOfItsColumnHasAChartOfItsOwn() {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    matrix.add(truth: "no", predicted: "no", count: 3)
    matrix.add(truth: "yes", predicted: "no", count: 1)
    let chart = ConfusionBlock.chart(MatrixPooling(matrix), figures: .columns)
    #expect(chart.cells.map { $0.map(\.value) } == [[0.75, nil], [0.25, nil]])
    #expect(chart.cells[1][0].lines == ["25.0 %", "1"])
    #expect(chart.legendTitle == "share of column")
  }

  @Test func aCellsShareIsOfItsRow() {
    var matrix = ConfusionMatrix(labels: ["no", "yes"])
    matrix.add(truth: "no", predicted: "no", count: 3)
    matrix.add(truth: "no", predicted: "yes", count: 1)
    let chart = ConfusionBlock.chart(MatrixPooling(matrix))
    #expect(chart.cells[0].map(\.value) == [0.75, 0.25])
    #expect(chart.cells[0].map(\.lines) == [["75.0 %", "3", "↓ 100.0 %"], ["25.0 %", "1", "↓ 100.0 %"]])
    #expect(chart.cells[1].map(\.value) == [nil, nil])
    #expect(chart.rowNotes == ["4", "0"])
  }
}

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
