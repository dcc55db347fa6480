/// A matrix of coloured cells with names at both sides and a legend: confusion, alignment, cosines.
package struct MatrixChart {
  /// One cell: its place on the scale, and what is written in it, the more important line first.
  package struct Cell {
    package var value: Double?
    package var lines: [String]

    package init(value: Double?, lines: [String] = []) {
      self.value = value
      self.lines = lines
    }
  }

  package var rowTitle: String
  package var columnTitle: String
  package var rows: [String]
  package var columns: [String]
  /// A short remark at the right of each row, such as its number of posts; may be empty.
  package var rowNotes: [String]
  package var rowNoteTitle = ""
  package var cells: [[Cell]]
  package var scale: ColourScale
  package var legendTitle: String
  /// Cells with an outline: where row and column belong together.
  package var outlined: [(row: Int, column: Int)] = []
  /// The largest size of a cell.
  package var largestCell = (width: 104.0, height: 50.0)

  package init(
    rowTitle: String, columnTitle: String, rows: [String], columns: [String], rowNotes: [String] = [],
    rowNoteTitle: String = "", cells: [[Cell]], scale: ColourScale, legendTitle: String,
    outlined: [(row: Int, column: Int)] = []
  ) {
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.rows = rows
    self.columns = columns
    self.rowNotes = rowNotes
    self.rowNoteTitle = rowNoteTitle
    self.cells = cells
    self.scale = scale
    self.legendTitle = legendTitle
    self.outlined = outlined
  }

  func piece(_ typesetter: Typesetter, width: Double) -> Piece {
    let geometry = MatrixGeometry(chart: self, typesetter: typesetter, width: width)
    let drawing = MatrixDrawing(chart: self, geometry: geometry, typesetter: typesetter)
    return Piece(height: geometry.height, gap: 6, staysWithNext: true, draw: drawing.draw)
  }
}

/// Where everything of a matrix stands, relative to its top left corner.
package struct MatrixGeometry: Equatable, Sendable {
  /// The cells' area.
  package var grid: Rect
  package var cellWidth: Double
  package var cellHeight: Double
  /// The width of the rows' names, at the left of the grid.
  package var nameWidth: Double
  /// Whether the columns' names read upwards.
  package var turnsNames: Bool
  /// The height of the columns' names, above the grid.
  package var nameHeight: Double
  /// The size of the names' type.
  package var nameSize: Double
  /// The size of the type in the cells; 0 where nothing fits.
  package var cellSize: Double
  /// How many lines fit in a cell.
  package var cellLines: Int
  /// The width of the remarks at the right of the grid.
  package var noteWidth: Double
  /// The height of the whole.
  package var height: Double

  static let titleSpace = 14.0
  static let legendSpace = 64.0

  package init(chart: MatrixChart, typesetter: Typesetter, width: Double) {
    let columns = Double(max(chart.columns.count, 1))
    let rows = Double(max(chart.rows.count, 1))
    let crowd = max(chart.columns.count, chart.rows.count)
    nameSize = crowd > 16 ? 6.5 : crowd > 8 ? 7.5 : 8
    let style = TextStyle.small.size(nameSize)
    nameWidth = min((chart.rows.map { typesetter.width(of: $0, style) }.max() ?? 0) + 8, 118, width * 0.25)
    let notes = chart.rowNotes.map { typesetter.width(of: $0, style) }.max()
    noteWidth = notes.map { min(max($0 + 8, 34), 84, width * 0.18) } ?? 0
    let room = width - Self.titleSpace - nameWidth - noteWidth - Self.legendSpace
    cellWidth = min(chart.largestCell.width, room / columns)
    cellHeight = min(chart.largestCell.height, cellWidth * (crowd > 8 ? 1 : 0.62), 400 / rows)
    cellHeight = max(cellHeight, min(cellWidth, 9))
    let widest = chart.columns.map { typesetter.width(of: $0, style) }.max() ?? 0
    turnsNames = widest > cellWidth - 4 && cellWidth < 44
    let lines = min((widest / max(cellWidth - 4, 1)).rounded(.up), 3)
    nameHeight = turnsNames ? min(widest + 6, 110) : max(lines, 1) * nameSize * 1.45 + 4
    // Later lines are set smaller.
    let first = chart.cells.flatMap { $0 }.compactMap(\.lines.first)
    let longest = first.max { $0.utf8.count < $1.utf8.count } ?? ""
    let unit = typesetter.width(of: longest, TextStyle.small.size(10)) / 10
    let wanted = chart.cells.flatMap { $0 }.map(\.lines.count).max() ?? 0
    cellLines = cellHeight < 19 || cellWidth < 26 ? 1 : cellHeight >= 28 ? min(max(wanted, 2), 3) : 2
    let heights = cellLines == 1 ? 1.8 : cellLines == 2 ? 2.7 : 4
    let fitting = unit > 0 ? min((cellWidth - 3) / unit, cellHeight / heights, 9.5) : 0
    cellSize = fitting >= 3.5 ? fitting : 0
    let size = (width: cellWidth * columns, height: cellHeight * rows)
    grid = Rect(
      x: Self.titleSpace + nameWidth, y: Self.titleSpace + nameHeight, width: size.width, height: size.height)
    height = grid.y + max(size.height, 96) + 4
  }
}
