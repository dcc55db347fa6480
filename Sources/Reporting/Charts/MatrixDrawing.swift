/// Draws a matrix into the places its geometry gives.
struct MatrixDrawing {
  let chart: MatrixChart
  let geometry: MatrixGeometry
  let typesetter: Typesetter

  func draw(_ canvas: PDFCanvas, _ rect: Rect) {
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
    let legend = Rect(
      x: grid.maxX + geometry.noteWidth + 14, y: grid.y, width: 8, height: min(max(grid.height, 80), 140))
    ScaleLegend(scale: chart.scale, title: chart.legendTitle).draw(canvas, legend, typesetter)
  }

  private func place(_ row: Int, _ column: Int, _ grid: Rect) -> Rect {
    Rect(
      x: grid.x + Double(column) * geometry.cellWidth, y: grid.y + Double(row) * geometry.cellHeight,
      width: geometry.cellWidth, height: geometry.cellHeight)
  }

  private func drawTitles(_ canvas: PDFCanvas, _ rect: Rect, _ grid: Rect) {
    let style = TextStyle.tiny
    canvas.draw(typesetter.shape(chart.columnTitle, style), x: grid.x, baseline: rect.y + 8)
    let title = typesetter.shape(chart.rowTitle, style, width: max(grid.height, 60), alignment: .right)
    canvas.drawUpwards(title, from: Point(x: rect.x + 5, y: grid.y + max(grid.height, 60)))
    if !chart.rowNotes.isEmpty {
      canvas.draw(
        typesetter.shape(chart.rowNoteTitle, style, width: geometry.noteWidth - 2, alignment: .right),
        x: grid.maxX + 2, baseline: grid.y - 5)
    }
  }

  private func drawNames(_ canvas: PDFCanvas, _ rect: Rect, _ grid: Rect) {
    let style = TextStyle.small.size(geometry.nameSize)
    for (row, name) in chart.rows.enumerated() {
      let cell = place(row, 0, grid)
      let text = typesetter.shape(name, style, width: geometry.nameWidth - 6, alignment: .right)
      let baseline = cell.midY + geometry.nameSize * 0.36
      canvas.clipped(
        to: Rect(
          x: rect.x, y: cell.midY - max(cell.height, 14) / 2, width: grid.x - rect.x,
          height: max(cell.height, 14))
      ) {
        canvas.draw(text, x: grid.x - geometry.nameWidth, baseline: baseline)
      }
      if chart.rowNotes.indices.contains(row) {
        let note = typesetter.shape(
          chart.rowNotes[row], style.colour(Palette.muted), width: geometry.noteWidth - 2, alignment: .right)
        canvas.clipped(to: Rect(x: grid.maxX, y: cell.midY - 7, width: geometry.noteWidth + 4, height: 14)) {
          canvas.draw(note, x: grid.maxX + 2, baseline: baseline)
        }
      }
    }
    for (column, name) in chart.columns.enumerated() {
      let cell = place(0, column, grid)
      if geometry.turnsNames {
        let text = typesetter.shape(name, style, width: geometry.nameHeight - 4)
        canvas.clipped(
          to: Rect(
            x: cell.midX - max(cell.width, 9) / 2, y: rect.y, width: max(cell.width, 9),
            height: grid.y - rect.y)
        ) {
          canvas.drawUpwards(text, from: Point(x: cell.midX, y: grid.y - 3))
        }
      } else {
        let text = typesetter.shape(name, style, width: cell.width - 4, lines: 3, alignment: .centre)
        let height = min(text?.height ?? 0, geometry.nameHeight)
        canvas.clipped(
          to: Rect(
            x: cell.x, y: grid.y - geometry.nameHeight - 2, width: cell.width, height: geometry.nameHeight + 2
          )
        ) {
          canvas.draw(text, at: Point(x: cell.x + 2, y: grid.y - 3 - height))
        }
      }
    }
  }

  private func draw(_ cell: MatrixChart.Cell, _ canvas: PDFCanvas, _ rect: Rect) {
    let gap = geometry.cellWidth > 16 ? 0.5 : 0.25
    let inner = rect.inset(by: gap)
    guard let value = cell.value else {
      canvas.stroke(inner.inset(by: 0.3), Palette.hairline, width: 0.4)
      drawLines(cell.lines, Palette.muted, canvas, inner)
      return
    }
    let colour = chart.scale.colour(value)
    canvas.fill(inner, colour)
    drawLines(cell.lines, colour.readable, canvas, inner)
  }

  private func drawLines(_ lines: [String], _ colour: Colour, _ canvas: PDFCanvas, _ rect: Rect) {
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
