import Evaluation
import Reporting
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
