/// Horizontal bars with a name, a bar against a common whole, and figures at the right.
struct BarChart {
  /// One bar.
  struct Bar {
    var name: String
    /// The bar's length, from 0 to 1.
    var share: Double
    /// The figures, one a column.
    var figures: [String]
    var isQuiet = false
  }

  /// The figures' column names.
  var figureNames: [String]
  var bars: [Bar]
  private let figureWidth = 74.0

  init(figureNames: [String], bars: [Bar]) {
    self.figureNames = figureNames
    self.bars = bars
  }

  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let widest = bars.map { typesetter.width(of: $0.name, .small) }.max() ?? 0
    // In a paper's column bars keep a third of the width: figures and names give way.
    let figureWidth = min(figureWidth, width * 0.42 / Double(max(figureNames.count, 1)))
    let gutter = min(max(widest + 10, min(60, width * 0.2)), 150, width * 0.25)
    let figures = figureWidth * Double(figureNames.count)
    let length = width - gutter - figures
    let names = figureNames.map {
      typesetter.shape($0, .tiny, width: figureWidth - 4, alignment: .right)
    }
    var pieces = [
      Piece(height: 12, gap: 2, staysWithNext: true) { canvas, rect in
        for (index, name) in names.enumerated() {
          canvas.draw(
            name, x: rect.x + gutter + length + figureWidth * Double(index) + 4, baseline: rect.y + 8)
        }
      }
    ]
    for bar in bars {
      let name = typesetter.shape(bar.name, .small, width: gutter - 8)
      let figures = bar.figures.map {
        typesetter.shape($0, .small, width: figureWidth - 4, alignment: .right)
      }
      pieces.append(
        Piece(height: 17, staysWithNext: true) { canvas, rect in
          canvas.clipped(to: rect) {
            canvas.draw(name, x: rect.x, baseline: rect.y + 11.5)
            let track = Rect(x: rect.x + gutter, y: rect.y + 4, width: length, height: 9)
            canvas.fill(track, Palette.wash)
            let part = min(max(bar.share, 0), 1)
            canvas.fill(
              Rect(x: track.x, y: track.y, width: track.width * part, height: track.height),
              bar.isQuiet ? Palette.quiet : Palette.accent)
            for (index, figure) in figures.enumerated() {
              canvas.draw(
                figure, x: track.maxX + figureWidth * Double(index) + 4, baseline: rect.y + 11.5)
            }
          }
        })
    }
    return pieces
  }
}
