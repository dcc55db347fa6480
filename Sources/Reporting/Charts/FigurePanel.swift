/// A chart with what it is read by at its right, or below where the page is narrow.
struct FigurePanel {
  /// The size of the chart, marks and titles included.
  var size: (width: Double, height: Double)
  var legend: SeriesLegend
  /// Draws the chart into its area.
  var draw: (PDFCanvas, Rect) -> Void

  /// Less width than that has no room for a legend beside the chart.
  private static let beside = 380.0
  private static let gap = 18.0

  init(size: (width: Double, height: Double), legend: SeriesLegend, draw: @escaping (PDFCanvas, Rect) -> Void) {
    (self.size, self.legend, self.draw) = (size, legend, draw)
  }

  func piece(_ typesetter: Typesetter, width: Double) -> Piece {
    let isBeside = width >= Self.beside
    let shown = isBeside ? size.width : min(size.width, width)
    let height = size.height * (isBeside ? 1 : shown / size.width)
    let list = legend.drawing(typesetter, width: isBeside ? width - shown - Self.gap : width)
    let total = isBeside ? max(height, list.height + PlotFrame.above) : height + Self.gap / 2 + list.height
    return Piece(height: total, gap: 6, staysWithNext: true) { canvas, rect in
      draw(canvas, Rect(x: rect.x, y: rect.y, width: shown, height: height))
      list.draw(
        canvas,
        isBeside
          ? Point(x: rect.x + shown + Self.gap, y: rect.y + PlotFrame.above)
          : Point(x: rect.x, y: rect.y + height + Self.gap / 2))
    }
  }
}

/// A list of what a chart shows: a swatch, a name, and figures in columns.
struct SeriesLegend {
  /// What stands before a name.
  enum Swatch {
    case none
    case line(SeriesStyle)
    case dot(Colour)
    case cross(Colour)
    case bar(Colour)
  }

  /// A line of the list.
  struct Entry {
    var swatch: Swatch
    var name: String
    var figures: [String]
  }

  /// The names of the columns of figures.
  var figureNames: [String]
  var entries: [Entry]
  var figureWidth = 62.0
  private static let rowHeight = 14.0
  private static let swatchWidth = 20.0

  init(figureNames: [String], entries: [Entry], figureWidth: Double = 62) {
    (self.figureNames, self.entries, self.figureWidth) = (figureNames, entries, figureWidth)
  }

  /// Sets the list for a width; what comes back draws it at its top left corner.
  func drawing(_ typesetter: Typesetter, width: Double) -> (height: Double, draw: (PDFCanvas, Point) -> Void) {
    let head = figureNames.isEmpty ? 0 : Self.rowHeight
    let hasSwatch = entries.contains { if case .none = $0.swatch { false } else { true } }
    let indent = hasSwatch ? Self.swatchWidth : 0
    let room = max(width - indent - figureWidth * Double(figureNames.count), 24)
    let names = figureNames.map { typesetter.shape($0, .tiny, width: figureWidth - 4, alignment: .right) }
    let lines = entries.map { entry in
      (
        swatch: entry.swatch, name: typesetter.shape(entry.name, .small, width: room - 4),
        figures: entry.figures.map { typesetter.shape($0, .small, width: figureWidth - 4, alignment: .right) }
      )
    }
    let columnWidth = figureWidth
    return (
      head + Self.rowHeight * Double(entries.count),
      { canvas, corner in
        for (column, name) in names.enumerated() {
          canvas.draw(name, x: corner.x + indent + room + columnWidth * Double(column) + 4, baseline: corner.y + 8)
        }
        if head > 0 {
          let y = corner.y + head - 2
          canvas.line(Point(x: corner.x, y: y), Point(x: corner.x + width, y: y), Palette.muted, width: 0.6)
        }
        for (row, line) in lines.enumerated() {
          let y = corner.y + head + Double(row) * Self.rowHeight
          Self.draw(line.swatch, canvas, Point(x: corner.x, y: y + 7))
          canvas.draw(line.name, x: corner.x + indent, baseline: y + 10)
          for (column, figure) in line.figures.enumerated() {
            canvas.draw(figure, x: corner.x + indent + room + columnWidth * Double(column) + 4, baseline: y + 10)
          }
        }
      }
    )
  }

  private static func draw(_ swatch: Swatch, _ canvas: PDFCanvas, _ at: Point) {
    switch swatch {
    case .none: break
    case .line(let style):
      canvas.polyline([at, Point(x: at.x + 15, y: at.y)], style, width: 1.5)
    case .dot(let colour): canvas.disc(Point(x: at.x + 7, y: at.y), radius: 2.4, colour)
    case .cross(let colour): canvas.cross(Point(x: at.x + 7, y: at.y), radius: 2.4, colour, width: 1.1)
    case .bar(let colour): canvas.fill(Rect(x: at.x, y: at.y - 3.5, width: 12, height: 7), colour)
    }
  }
}
