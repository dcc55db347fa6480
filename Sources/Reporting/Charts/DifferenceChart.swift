import Evaluation

/// Differences as dots, each with a whisker over its interval, on one axis with a line at 0.
struct DifferenceChart {
  /// One row.
  struct Row {
    var name: String
    /// The difference with its interval; nil for what the others are compared with.
    var interval: (low: Double, value: Double, high: Double)?
    /// What stands at the right.
    var figure: String
  }

  var rows: [Row]
  /// What the axis measures.
  var axis: String
  private let figureWidth = 132.0
  private let rowHeight = 17.0

  init(axis: String, rows: [Row]) { (self.axis, self.rows) = (axis, rows) }

  /// A piece for the axis, and one for each row, so that many rows go on on the next page.
  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let widest = rows.map { typesetter.width(of: $0.name, .small) }.max() ?? 0
    let gutter = min(max(widest + 10, 60), 190)
    let length = width - gutter - figureWidth
    let scale = DifferenceScale(rows.compactMap(\.interval).flatMap { [$0.low, $0.value, $0.high] })
    func place(_ value: Double) -> Double { gutter + scale.share(value) * length }
    let ticks = scale.ticks.map { ($0, typesetter.shape(Format.signed($0, scale.decimals), .tiny)) }
    let title = typesetter.shape(axis, .tiny, width: gutter - 8)
    let head = Piece(height: 14, gap: 2, staysWithNext: true) { canvas, rect in
      canvas.draw(title, x: rect.x, baseline: rect.y + 9)
      for (value, words) in ticks {
        let half = (words?.width ?? 0) / 2, x = rect.x + place(value)
        canvas.draw(
          words, x: min(max(x - half, rect.x + gutter), rect.x + gutter + length - 2 * half), baseline: rect.y + 9)
      }
    }
    return [head]
      + rows.enumerated().map { index, row in
        let name = typesetter.shape(row.name, .small, width: gutter - 8)
        let figure = typesetter.shape(row.figure, .small, width: figureWidth - 8, alignment: .right)
        var piece = Piece(height: rowHeight, staysWithNext: index < 2 || index == rows.count - 1) { canvas, rect in
          for (value, _) in ticks {
            let x = rect.x + place(value)
            canvas.line(Point(x: x, y: rect.y), Point(x: x, y: rect.maxY), Palette.hairline, width: 0.4)
          }
          let zero = rect.x + place(0)
          canvas.line(Point(x: zero, y: rect.y), Point(x: zero, y: rect.maxY), Palette.muted, width: 0.8)
          canvas.draw(name, x: rect.x, baseline: rect.y + 11.5)
          canvas.draw(figure, x: rect.maxX - figureWidth + 8, baseline: rect.y + 11.5)
          draw(row, canvas, rect.midY) { rect.x + place($0) }
        }
        piece.repeated = [head]
        return piece
      }
  }

  private func draw(_ row: Row, _ canvas: PDFCanvas, _ y: Double, _ place: (Double) -> Double) {
    guard let interval = row.interval else {
      return canvas.disc(Point(x: place(0), y: y), radius: 3, Palette.muted)
    }
    // What the posts' own chance explains is quiet; what it does not is blue above, and orange below.
    let colour = interval.low > 0 ? Palette.accent : interval.high < 0 ? Palette.opposite : Palette.muted
    let (low, high) = (place(interval.low), place(interval.high))
    canvas.line(Point(x: low, y: y), Point(x: high, y: y), colour, width: 1.2)
    for end in [low, high] { canvas.line(Point(x: end, y: y - 2.5), Point(x: end, y: y + 2.5), colour, width: 1.2) }
    canvas.disc(Point(x: place(interval.value), y: y), radius: 3, colour)
  }
}
