/// A chart with its legend at the right, or below it if the page is narrow.
struct FigurePanel {
  /// The size of the chart in points, including marks and titles.
  var size: (width: Double, height: Double)
  var legend: SeriesLegend
  var draw: (PageCanvas, Rect) -> Void

  /// The smallest width, in points, for a legend next to the chart.
  private static let beside = 380.0
  private static let gap = 18.0

  init(size: (width: Double, height: Double), legend: SeriesLegend, draw: @escaping (PageCanvas, Rect) -> Void) {
    (self.size, self.legend, self.draw) = (size, legend, draw)
  }

  func piece(_ typesetter: Typesetter, width: Double) -> Piece {
    let isBeside = width >= Self.beside
    let shown = isBeside ? size.width : min(size.width, width)
    let height = size.height * (isBeside ? 1 : shown / size.width)
    let list = legend.drawing(typesetter, width: isBeside ? width - shown - Self.gap : width)
    let total = isBeside ? max(height, list.height + PlotFrame.above) : height + Self.gap / 2 + list.height
    var piece = Piece(height: total, gap: 6, staysWithNext: true) { canvas, rect in
      draw(canvas, Rect(x: rect.x, y: rect.y, width: shown, height: height))
      list.draw(
        canvas,
        isBeside
          ? Point(x: rect.x + shown + Self.gap, y: rect.y + PlotFrame.above)
          : Point(x: rect.x, y: rect.y + height + Self.gap / 2))
    }
    piece.neededWidth = legend.neededWidth(typesetter)
    return piece
  }
}

/// A chart's legend: for each series a swatch, a name, and figures in columns.
struct SeriesLegend {
  /// The sign before a name.
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

  /// The names of the columns of figures; an entry without figures can use their room.
  var figureNames: [String]
  var entries: [Entry]
  private static let rowHeight = 14.0
  private static let swatchWidth = 20.0

  init(figureNames: [String], entries: [Entry]) { (self.figureNames, self.entries) = (figureNames, entries) }

  /// An entry after layout.
  private struct Line {
    var swatch: Swatch
    var name: ShapedText?
    var figures: [(x: Double, text: ShapedText?)]
    /// The distance of the figures below the name's first line.
    var figureDrop = 0.0
    var height: Double
  }

  /// Lays out the list for a width; the returned closure draws it with its top left corner at a point.
  ///
  /// If the figures leave too little room for the names, the names go above them.
  func drawing(_ typesetter: Typesetter, width: Double) -> (height: Double, draw: (PageCanvas, Point) -> Void) {
    let hasSwatch = entries.contains { if case .none = $0.swatch { false } else { true } }
    let indent = hasSwatch ? Self.swatchWidth : 0
    let longest = entries.filter { !$0.figures.isEmpty }.map { typesetter.width(of: $0.name, .small) }.max() ?? 0
    // Wrap the columns' names if that gives the entries' names more room.
    let wide = columns(typesetter, wraps: false)
    let columns = width - wide.reduce(indent + 4, +) >= longest ? wide : columns(typesetter, wraps: true)
    var ends: [Double] = [], end = width
    for column in columns.reversed() {
      ends.insert(end, at: 0)
      end -= column
    }
    let room = max(end - indent - 4, 24)
    let isCut = entries.contains {
      !$0.figures.isEmpty && typesetter.shape($0.name, .small, width: room, lines: 4)?.isCut == true
    }
    let isStacked = !figureNames.isEmpty && longest > room && (room < width * 0.4 || isCut)
    func line(_ entry: Entry) -> Line {
      let isAbove = isStacked && !entry.figures.isEmpty
      let name = typesetter.shape(
        entry.name, .small, width: entry.figures.isEmpty || isAbove ? max(width - indent, 24) : room,
        lines: isAbove ? 6 : 4)
      let height = max((name?.height ?? 0) + 3, Self.rowHeight)
      return Line(
        swatch: entry.swatch, name: name,
        figures: entry.figures.enumerated().map { column, figure in
          let text = typesetter.shape(figure, .small)
          return (ends[column] - (text?.width ?? 0), text)
        }, figureDrop: isAbove ? height - 2 : 0, height: isAbove ? height + Self.rowHeight - 2 : height)
    }
    let names = zip(figureNames, columns).map {
      typesetter.shape($0, .tiny, width: $1 - 6, lines: 2, alignment: .right)
    }
    let headHeight = names.isEmpty ? 0 : max(names.map { $0?.height ?? 0 }.max() ?? 0, 9) + 4
    let lines = entries.map(line)
    let height = lines.reduce(headHeight) { $0 + $1.height }
    return (
      height,
      { canvas, corner in
        var y = corner.y
        if !names.isEmpty {
          for (place, name) in names.enumerated() {
            canvas.draw(
              name,
              at: Point(x: corner.x + ends[place] - columns[place] + 6, y: y + headHeight - 5 - (name?.height ?? 0)))
          }
          y += headHeight
          canvas.line(
            Point(x: corner.x, y: y - 3), Point(x: corner.x + width, y: y - 3), Palette.muted, width: 0.6)
        }
        for line in lines {
          Self.draw(line, canvas, Point(x: corner.x, y: y), indent: indent)
          y += line.height
        }
      }
    )
  }

  /// The smallest width that shows all figures.
  func neededWidth(_ typesetter: Typesetter) -> Double {
    columns(typesetter, wraps: true).reduce(Self.swatchWidth + 8, +)
  }

  /// The width of each column of figures: that of its widest cell or its name (with `wraps`, the longest word of the
  /// name), plus a gap at the left.
  private func columns(_ typesetter: Typesetter, wraps: Bool) -> [Double] {
    let count = max(figureNames.count, entries.map(\.figures.count).max() ?? 0)
    return (0..<count).map { column in
      let cells = entries.compactMap { $0.figures.indices.contains(column) ? $0.figures[column] : nil }
      let words = figureNames.indices.contains(column) ? figureNames[column].split(separator: " ").map(String.init) : []
      let name = (wraps ? words : [words.joined(separator: " ")]).map { typesetter.width(of: $0, .tiny) }.max() ?? 0
      return cells.reduce(name + 1) { max($0, typesetter.width(of: $1, .small)) } + 10
    }
  }

  private static func draw(_ line: Line, _ canvas: PageCanvas, _ at: Point, indent: Double) {
    draw(line.swatch, canvas, Point(x: at.x, y: at.y + 7))
    canvas.draw(line.name, x: at.x + indent, baseline: at.y + 10)
    for (x, text) in line.figures { canvas.draw(text, x: at.x + x, baseline: at.y + line.figureDrop + 10) }
  }

  private static func draw(_ swatch: Swatch, _ canvas: PageCanvas, _ at: Point) {
    switch swatch {
    case .none: break
    case .line(let style): canvas.polyline([at, Point(x: at.x + 15, y: at.y)], style, width: 1.5)
    case .dot(let colour): canvas.disc(Point(x: at.x + 7, y: at.y), radius: 2.4, colour)
    case .cross(let colour): canvas.cross(Point(x: at.x + 7, y: at.y), radius: 2.4, colour, width: 1.1)
    case .bar(let colour): canvas.fill(Rect(x: at.x, y: at.y - 3.5, width: 12, height: 7), colour)
    }
  }
}
