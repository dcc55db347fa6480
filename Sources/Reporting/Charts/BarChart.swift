import Results

/// Horizontal bars, each with a name at the left and figures at the right.
struct BarChart {
  struct Bar {
    var name: String
    /// The bar's length, from 0 to 1.
    var share: Double
    /// The figures, one for each column.
    var figures: [String]
    var isQuiet = false
  }

  /// The figures' column names.
  var figureNames: [String]
  var bars: [Bar]
  private let figureWidth = 74.0
  /// The smallest useful length of a full bar, in points.
  private static let leastBar = 40.0

  init(figureNames: [String], bars: [Bar]) {
    self.figureNames = figureNames
    self.bars = bars
  }

  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let widest = bars.map { typesetter.width(of: $0.name, .small) }.max() ?? 0
    let cells = figureNames.indices.map { column in
      let figures = bars.compactMap { $0.figures.indices.contains(column) ? $0.figures[column] : nil }
      // A column's name may take two lines, but its words are not split.
      let words = figureNames[column].split(separator: " ").map { typesetter.width(of: String($0), .tiny) }
      return max(figures.map { typesetter.width(of: $0, .small) }.max() ?? 0, words.max() ?? 0) + 6
    }
    // In a narrow figure, the figures take the room that they need, and a long name goes above its bar.
    let isNarrow = width < 380
    let columns = isNarrow ? cells : cells.map { max($0, figureWidth) }
    let figures = columns.reduce(0, +)
    let isStacked = isNarrow && widest + 10 > width * 0.3
    let gutter = isStacked ? 0 : min(max(widest + 10, min(60, width * 0.2)), isNarrow ? width * 0.3 : 150)
    let length = max(width - gutter - figures - 4, Self.leastBar)
    let ends = columns.indices.map { gutter + length + 4 + columns[...$0].reduce(0, +) }
    let names = zip(figureNames, columns).map {
      typesetter.shape($0, .tiny, width: $1 - 4, lines: 2, alignment: .right)
    }
    let headHeight = max(names.map { $0?.height ?? 0 }.max() ?? 0, 10) + 2
    let head = Piece(height: headHeight, gap: 2, staysWithNext: true) { canvas, rect in
      for (place, name) in names.enumerated() {
        canvas.draw(
          name, at: Point(x: rect.x + ends[place] - columns[place] + 4, y: rect.maxY - 2 - (name?.height ?? 0)))
      }
    }
    return [head]
      + bars.map { bar in
        let name = typesetter.shape(bar.name, .small, width: isStacked ? width : gutter - 8, lines: 4)
        let figures = zip(bar.figures, columns).map {
          typesetter.shape($0, .small, width: $1 - 4, alignment: .right)
        }
        let above = isStacked ? (name?.height ?? 0) + 1 : 0
        var piece = Piece(height: above + max(17, isStacked ? 0 : (name?.height ?? 0) + 6), staysWithNext: true) {
          canvas, rect in
          canvas.draw(name, x: rect.x, baseline: rect.y + 11.5)
          let top = rect.y + above
          let track = Rect(x: rect.x + gutter, y: top + 4, width: length, height: 9)
          canvas.fill(track, Palette.wash)
          let part = min(max(bar.share, 0), 1)
          canvas.fill(
            Rect(x: track.x, y: track.y, width: track.width * part, height: track.height),
            bar.isQuiet ? Palette.quiet : Palette.accent)
          for (place, figure) in figures.enumerated() {
            canvas.draw(figure, x: rect.x + ends[place] - columns[place] + 4, baseline: top + 11.5)
          }
        }
        piece.repeated = [head]
        piece.neededWidth = figures.isEmpty ? 0 : columns.reduce(0, +) + 4 + Self.leastBar
        return piece
      }
  }
}

/// One bar divided into parts, with a legend below.
struct StackedBar {
  /// A part of the bar.
  struct Part {
    var name: String
    var count: Int
    var colour: Colour
  }

  var parts: [Part]

  func piece(_ typesetter: Typesetter, width: Double) -> Piece {
    let total = parts.reduce(0) { $0 + $1.count }
    let legend = parts.filter { $0.count > 0 }.map { part in
      (part, typesetter.shape("\(part.name) \(Format.share(part.count, of: total))", .tiny))
    }
    // The legend continues on the next line if there is no room left.
    var places: [Point] = [], next = Point(x: 0, y: 18)
    for (_, words) in legend {
      let length = (words?.width ?? 0) + 9
      if next.x > 0, next.x + length > width { next = Point(x: 0, y: next.y + 11) }
      places.append(next)
      next.x += length + 15
    }
    return Piece(height: next.y + 12, gap: 8) { canvas, rect in
      var x = rect.x
      for (part, _) in legend {
        let length = rect.width * Double(part.count) / Double(max(total, 1))
        canvas.fill(Rect(x: x, y: rect.y, width: max(length - 0.6, 0.3), height: 10), part.colour)
        x += length
      }
      for ((part, words), place) in zip(legend, places) {
        canvas.fill(Rect(x: rect.x + place.x, y: rect.y + place.y, width: 6, height: 6), part.colour)
        canvas.draw(words, x: rect.x + place.x + 9, baseline: rect.y + place.y + 6)
      }
    }
  }
}
