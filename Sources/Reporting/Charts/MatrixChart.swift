/// A matrix of coloured cells with names at both sides and a legend: confusion, alignment, cosines.
package struct MatrixChart {
  /// One cell: its place on the scale, and what is written in it, the more important line first.
  package struct Cell {
    package var value: Double?
    package var lines: [String]
    /// The first line in as few characters as it can be, for small cells.
    package var short: String?

    package init(value: Double?, lines: [String] = [], short: String? = nil) {
      (self.value, self.lines, self.short) = (value, lines, short)
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
  /// The legend's title where cells hold their short text, which may lack its unit.
  package var shortLegendTitle: String?
  /// Cells with an outline: where row and column belong together.
  package var outlined: [(row: Int, column: Int)] = []
  /// Whether rows and columns bear numbers however short their names are.
  package var isNumbered = false
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
    var piece = Piece(height: geometry.height, gap: 6, staysWithNext: true, draw: drawing.draw)
    piece.neededWidth = geometry.neededWidth
    return piece
  }
}
