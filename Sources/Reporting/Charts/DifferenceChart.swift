import Evaluation
import Results

/// Differences as dots with whiskers over their intervals, on one axis with a line at 0.
struct DifferenceChart {
  struct Row {
    var name: String
    /// The difference with its interval; nil for the baseline.
    var interval: (low: Double, value: Double, high: Double)?
    /// Whether there is an interval; otherwise only the value is drawn.
    var hasInterval = true
    /// The numbers at the right of the row.
    var figure: String
  }

  var rows: [Row]
  /// The quantity on the axis, with its unit.
  var axis: String
  private let figureWidth = 132.0
  private let rowHeight = 17.0
  private static let besideAxis = 100.0

  init(axis: String, rows: [Row]) { (self.axis, self.rows) = (axis, rows) }

  /// A piece for the axis and one for each row, so that many rows can continue on the next page.
  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    func widest(_ texts: [String]) -> Double { texts.map { typesetter.width(of: $0, .small) }.max() ?? 0 }
    let names = widest(rows.map(\.name)), figures = widest(rows.map(\.figure)) + 9
    // Put names above their rows if they would leave the axis too little room.
    let isStacked = width - min(max(names + 10, 60), 190) - max(figures, figureWidth) < Self.besideAxis
    let gutter = isStacked ? 0 : min(max(names + 10, 60), 190)
    let figureWidth = isStacked ? figures : max(figures, figureWidth)
    let length = max(width - gutter - figureWidth, 20)
    let scale = DifferenceScale(rows.compactMap(\.interval).flatMap { [$0.low, $0.value, $0.high] })
    func place(_ value: Double) -> Double { gutter + scale.share(value) * length }
    let labels = AxisLabels(
      scale.ticks.map { (place($0), Format.signed($0, scale.decimals)) }, room: gutter...gutter + length, typesetter)
    let title = typesetter.shape(
      axis, .tiny, width: (isStacked ? figureWidth : gutter) - 8, alignment: isStacked ? .right : .left)
    let head = Piece(height: 14, gap: 2, staysWithNext: true) { canvas, rect in
      canvas.draw(title, x: isStacked ? rect.maxX - figureWidth + 8 : rect.x, baseline: rect.y + 9)
      labels.draw(canvas, x: rect.x, baseline: rect.y + 9)
    }
    return [head]
      + rows.enumerated().map { index, row in
        let name = typesetter.shape(row.name, .small, width: isStacked ? width : gutter - 8, lines: 4)
        let figure = typesetter.shape(row.figure, .small, width: figureWidth - 8, alignment: .right)
        let above = isStacked ? (name?.height ?? 0) + 1 : 0
        var piece = Piece(
          height: above + max(rowHeight, isStacked ? 0 : (name?.height ?? 0) + 6),
          staysWithNext: index < 2 || index == rows.count - 1
        ) { canvas, rect in
          let top = rect.y + above
          for value in scale.ticks {
            let x = rect.x + place(value)
            canvas.line(Point(x: x, y: top), Point(x: x, y: rect.maxY), Palette.hairline, width: 0.4)
          }
          let zero = rect.x + place(0)
          canvas.line(Point(x: zero, y: top), Point(x: zero, y: rect.maxY), Palette.muted, width: 0.8)
          canvas.draw(name, x: rect.x, baseline: rect.y + 11.5)
          canvas.draw(figure, x: rect.maxX - figureWidth + 8, baseline: top + 11.5)
          draw(row, canvas, top + rowHeight / 2) { rect.x + place($0) }
        }
        piece.repeated = [head]
        piece.neededWidth = figures + IntervalGeometry.leastAxis
        return piece
      }
  }

  private func draw(_ row: Row, _ canvas: PageCanvas, _ y: Double, _ place: (Double) -> Double) {
    guard let interval = row.interval else {
      return canvas.disc(Point(x: place(0), y: y), radius: 3, Palette.muted)
    }
    guard row.hasInterval else {
      return canvas.disc(Point(x: place(interval.value), y: y), radius: 3, Palette.muted)
    }
    // Grey if the interval includes 0, blue if it is above 0, orange if it is below.
    let colour = interval.low > 0 ? Palette.accent : interval.high < 0 ? Palette.opposite : Palette.muted
    let (low, high) = (place(interval.low), place(interval.high))
    canvas.line(Point(x: low, y: y), Point(x: high, y: y), colour, width: 1.2)
    for end in [low, high] { canvas.line(Point(x: end, y: y - 2.5), Point(x: end, y: y + 2.5), colour, width: 1.2) }
    canvas.disc(Point(x: place(interval.value), y: y), radius: 3, colour)
  }
}

/// An axis that includes all values and 0, with ticks at 1, 2 or 5 times a power of ten.
package struct DifferenceScale {
  /// The left end of the axis.
  package let low: Double
  /// The right end.
  package let high: Double
  package let ticks: [Double]
  /// The number of decimals of the ticks.
  package let decimals: Int

  /// Chooses an axis for the values; ignores those that are not finite.
  package init(_ values: [Double]) {
    let values = values.filter(\.isFinite) + [0]
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let span = max(most - least, 0.01)
    (low, high) = (least - span * 0.06, most + span * 0.06)
    var unit = 1.0, decimals = 0
    while unit > span / 2, decimals < 6 { (unit, decimals) = (unit / 10, decimals + 1) }
    let step = [1.0, 2, 5, 10].map { $0 * unit }.first { span / $0 <= 5 } ?? unit * 10
    self.decimals = decimals
    ticks = (Int((low / step).rounded(.up))...Int((high / step).rounded(.down))).map { Double($0) * step }
  }

  /// A value's position, from 0 to 1.
  package func share(_ value: Double) -> Double { (value - low) / (high - low) }
}
