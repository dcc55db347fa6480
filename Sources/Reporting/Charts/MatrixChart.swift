/// A matrix of coloured cells with names for rows and columns and a legend.
package struct MatrixChart {
  /// One cell: its value on the colour scale and its lines of text, the most important first.
  package struct Cell {
    package var value: Double?
    package var lines: [String]
    /// A shorter form of the first line, for small cells.
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
  /// The legend's title if cells show their short text, which may lack the unit.
  package var shortLegendTitle: String?
  /// The outlined cells, whose row and column belong together.
  package var outlined: [(row: Int, column: Int)] = []
  /// Whether rows and columns are numbered even if their names fit.
  package var isNumbered = false
  /// The largest size of a cell in points.
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

/// Draws a matrix according to its geometry.
struct MatrixDrawing {
  let chart: MatrixChart
  let geometry: MatrixGeometry
  let typesetter: Typesetter

  func draw(_ canvas: PageCanvas, _ rect: Rect) {
    let grid = Rect(
      x: rect.x + geometry.grid.x, y: rect.y + geometry.grid.y, width: geometry.grid.width,
      height: geometry.grid.height)
    drawTitles(canvas, rect, grid)
    drawNames(canvas, rect, grid)
    for (row, cells) in chart.cells.enumerated() {
      for (column, cell) in cells.enumerated() {
        draw(cell, canvas, place(row, column, grid))
      }
    }
    for (row, column) in chart.outlined {
      canvas.stroke(
        place(row, column, grid).inset(by: 0.5), Palette.ink, width: geometry.cellWidth > 30 ? 1.1 : 0.6)
    }
    let legend = VerticalScaleLegend(
      scale: chart.scale, title: geometry.isShort ? chart.shortLegendTitle ?? chart.legendTitle : chart.legendTitle)
    if geometry.scaleIsBelow {
      let start = rect.x + MatrixGeometry.titleSpace
      legend.drawAcross(
        canvas, Rect(x: start, y: rect.y + geometry.keyTop - 17, width: min(rect.maxX - start - 12, 180), height: 6),
        typesetter)
    } else {
      legend.draw(
        canvas,
        Rect(x: grid.maxX + geometry.noteWidth + 14, y: grid.y, width: 8, height: min(max(grid.height, 80), 140)),
        typesetter)
    }
    if geometry.naming == .keyed {
      MatrixKey(chart, hasNotes: geometry.noteWidth == 0).lines(typesetter, width: rect.width)
        .draw(canvas, Point(x: rect.x, y: rect.y + geometry.keyTop))
    }
  }

  private func place(_ row: Int, _ column: Int, _ grid: Rect) -> Rect {
    Rect(
      x: grid.x + Double(column) * geometry.cellWidth, y: grid.y + Double(row) * geometry.cellHeight,
      width: geometry.cellWidth, height: geometry.cellHeight)
  }

  private func drawTitles(_ canvas: PageCanvas, _ rect: Rect, _ grid: Rect) {
    let style = TextStyle.tiny
    canvas.draw(
      typesetter.shape(chart.columnTitle, style, width: rect.maxX - grid.x), x: grid.x, baseline: rect.y + 8)
    let title = typesetter.shape(chart.rowTitle, style, width: max(grid.height, 60), alignment: .right)
    canvas.drawUpwards(title, from: Point(x: rect.x + 5, y: grid.y + max(grid.height, 60)))
    if !chart.rowNotes.isEmpty, geometry.noteWidth > 0 {
      canvas.draw(
        typesetter.shape(chart.rowNoteTitle, style, width: geometry.noteWidth - 2, alignment: .right),
        x: grid.maxX + 2, baseline: grid.y - 5)
    }
  }

  private func drawNames(_ canvas: PageCanvas, _ rect: Rect, _ grid: Rect) {
    let style = TextStyle.small.size(geometry.nameSize), key = MatrixKey(chart)
    for row in chart.rows.indices {
      let cell = place(row, 0, grid)
      let text = geometry.rowText(key.rowName(row, geometry.naming), typesetter)
      draw(text, x: grid.x - geometry.nameWidth, middle: cell.midY, canvas)
      let note = geometry.noteText(row, of: chart, typesetter)
      // A note of several lines begins at its row and continues over the rows below.
      let isTall = (note?.lines ?? 1) > 1
      if isTall {
        canvas.draw(note, at: Point(x: grid.maxX + 2, y: cell.y))
      } else {
        draw(note, x: grid.maxX + 2, middle: cell.midY, canvas)
      }
    }
    for column in chart.columns.indices {
      let cell = place(0, column, grid), name = key.columnName(column, geometry.naming)
      if geometry.naming == .turned {
        canvas.drawUpwards(typesetter.shape(name, style), from: Point(x: cell.midX, y: grid.y - 3))
      } else {
        let isNumber = geometry.naming != .written
        // A number may be slightly wider than its cell.
        let room = isNumber ? cell.width + 4 : cell.width - 4
        let text = typesetter.shape(name, style, width: room, lines: 5, alignment: .centre)
        canvas.draw(text, at: Point(x: cell.midX - room / 2, y: grid.y - 3 - (text?.height ?? 0)))
      }
    }
  }

  /// Draws a text with its vertical middle at a height.
  private func draw(_ text: ShapedText?, x: Double, middle: Double, _ canvas: PageCanvas) {
    guard let text else { return }
    if text.lines > 1 {
      canvas.draw(text, at: Point(x: x, y: middle - text.height / 2))
    } else {
      canvas.draw(text, x: x, baseline: middle + geometry.nameSize * 0.36)
    }
  }

  private func draw(_ cell: MatrixChart.Cell, _ canvas: PageCanvas, _ rect: Rect) {
    let gap = geometry.cellWidth > 16 ? 0.5 : 0.25
    let inner = rect.inset(by: gap)
    guard let value = cell.value else {
      canvas.stroke(inner.inset(by: 0.3), Palette.hairline, width: 0.4)
      drawLines(lines(of: cell), Palette.muted, canvas, inner)
      return
    }
    let colour = chart.scale.colour(value)
    canvas.fill(inner, colour)
    drawLines(lines(of: cell), colour.readable, canvas, inner)
  }

  private func lines(of cell: MatrixChart.Cell) -> [String] {
    guard geometry.isShort, let short = cell.short else { return cell.lines }
    return cell.lines.isEmpty ? [] : [short]
  }

  private func drawLines(_ lines: [String], _ colour: Colour, _ canvas: PageCanvas, _ rect: Rect) {
    guard geometry.cellSize > 0, !lines.isEmpty else { return }
    let first = TextStyle.small.size(geometry.cellSize).colour(colour)
    let second = first.size(max(geometry.cellSize * 0.82, 4))
    let shown = Array(lines.prefix(geometry.cellLines))
    let styles = shown.indices.map {
      $0 == 0 && geometry.cellLines > 1 ? first.bold() : $0 == 0 ? first : second
    }
    let step = geometry.cellSize * 1.3
    var baseline = rect.midY + geometry.cellSize * 0.36 - step * Double(shown.count - 1) / 2
    for (line, style) in zip(shown, styles) {
      canvas.draw(
        typesetter.shape(line, style, width: rect.width, alignment: .centre), x: rect.x, baseline: baseline)
      baseline += step
    }
  }
}
