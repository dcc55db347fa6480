/// Numbers as dots on a fixed axis, each with a whisker over its interval, and its figures at the right.
///
/// Several panels may stand side by side: the same rows, another number in each.
struct IntervalChart {
  /// A number.
  struct Value {
    var value: Double
    /// Nil where nothing can be said of chance.
    var interval: (low: Double, high: Double)?
    var colour = Palette.accent
    /// A mark that the number is held against, such as chance.
    var mark: Double?
  }

  /// A row: a name, a note at its right, and in each panel any number of values.
  struct Row {
    var name: String
    var note = ""
    var isQuiet = false
    var panels: [[Value]]
    /// What stands at the right of each panel, a line a value.
    var figures: [[String]]
  }

  /// What a panel measures.
  struct Panel {
    var title: String
    var range: ClosedRange<Double>
    var ticks: [(value: Double, words: String)]
    /// A line over all rows, such as the number of all posts.
    var line: Double?

    init(_ title: String, _ range: ClosedRange<Double> = 0...1, line: Double? = nil) {
      (self.title, self.range, self.line) = (title, range, line)
      ticks =
        range.lowerBound < 0
        ? [(-1, "−1"), (-0.5, "−0.5"), (0, "0"), (0.5, "0.5"), (1, "1")]
        : [(0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1, "1")]
    }
  }

  var panels: [Panel]
  var rows: [Row]
  var noteTitle = ""
  var nameTitle = ""
  var noteWidth = 0.0
  var figureWidth = 104.0
  /// Names of other charts that begin at the same place.
  var namesBeside: [String] = []
  private let gap = 12.0

  init(
    panels: [Panel], rows: [Row], nameTitle: String = "", noteTitle: String = "", noteWidth: Double = 0,
    figureWidth: Double = 104, namesBeside: [String] = []
  ) {
    (self.panels, self.rows, self.nameTitle) = (panels, rows, nameTitle)
    (self.noteTitle, self.noteWidth, self.figureWidth) = (noteTitle, noteWidth, figureWidth)
    self.namesBeside = namesBeside
  }

  /// A piece for the axes, and one for each row, so that many rows go on on the next page.
  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let widest = (rows.map(\.name) + namesBeside).map { typesetter.width(of: $0, .small) }.max() ?? 0
    let gutter = min(max(widest + 10, 60), panels.count > 1 ? 130 : 170)
    let whole = (width - gutter - noteWidth - gap * Double(panels.count - 1)) / Double(max(panels.count, 1))
    let length = max(whole - figureWidth - 14, 20)
    func start(_ panel: Int) -> Double { gutter + noteWidth + 6 + Double(panel) * (whole + gap) }
    let head = head(typesetter, gutter: gutter, length: length, start: start)
    return [head]
      + rows.enumerated().map { index, row in
        let lines = max(row.figures.map(\.count).max() ?? 1, 1)
        let colour = row.isQuiet ? Palette.muted : Palette.ink
        let name = typesetter.shape(row.name, TextStyle.small.colour(colour), width: gutter - 6)
        let note = typesetter.shape(
          row.note, TextStyle.small.colour(Palette.muted), width: max(noteWidth - 4, 1), alignment: .right)
        let figures = row.figures.map {
          $0.map { typesetter.shape($0, TextStyle.small.colour(colour), width: figureWidth, alignment: .right) }
        }
        var piece = Piece(
          height: 5 + 12 * Double(lines), staysWithNext: index < 2 || index == rows.count - 1 || rows.count <= 12
        ) { canvas, rect in
          canvas.line(
            Point(x: rect.x, y: rect.maxY), Point(x: rect.maxX, y: rect.maxY), Palette.hairline, width: 0.4)
          canvas.draw(name, x: rect.x, baseline: rect.y + 11.5)
          if noteWidth > 0 { canvas.draw(note, x: rect.x + gutter, baseline: rect.y + 11.5) }
          for (place, panel) in panels.enumerated() {
            let x = rect.x + start(place)
            draw(panel, row.panels[place], canvas, rect, x: x, length: length)
            for (line, figure) in figures[place].enumerated() {
              canvas.draw(figure, x: x + length + 8, baseline: rect.y + 11.5 + 12 * Double(line))
            }
          }
        }
        piece.repeated = [head]
        return piece
      }
  }

  private func head(
    _ typesetter: Typesetter, gutter: Double, length: Double, start: @escaping (Int) -> Double
  ) -> Piece {
    let titles = panels.map { typesetter.shape($0.title, .tiny, width: figureWidth, alignment: .right) }
    let ticks = panels.map { $0.ticks.map { ($0.value, typesetter.shape($0.words, .tiny)) } }
    let name = typesetter.shape(nameTitle, .tiny, width: gutter - 6)
    let note = typesetter.shape(noteTitle, .tiny, width: max(noteWidth - 4, 1), alignment: .right)
    return Piece(height: 14, gap: 2, staysWithNext: true) { canvas, rect in
      canvas.draw(name, x: rect.x, baseline: rect.y + 9)
      if noteWidth > 0 { canvas.draw(note, x: rect.x + gutter, baseline: rect.y + 9) }
      for (place, panel) in panels.enumerated() {
        let x = rect.x + start(place)
        for (value, words) in ticks[place] {
          canvas.draw(
            words, x: x + Self.share(value, panel) * length - (words?.width ?? 0) / 2, baseline: rect.y + 9)
        }
        canvas.draw(titles[place], x: x + length + 8, baseline: rect.y + 9)
      }
      canvas.line(Point(x: rect.x, y: rect.maxY), Point(x: rect.maxX, y: rect.maxY), Palette.muted, width: 0.6)
    }
  }

  private func draw(
    _ panel: Panel, _ values: [Value], _ canvas: PDFCanvas, _ rect: Rect, x: Double, length: Double
  ) {
    func place(_ value: Double) -> Double { x + min(max(Self.share(value, panel), 0), 1) * length }
    for (value, _) in panel.ticks {
      canvas.line(
        Point(x: place(value), y: rect.y), Point(x: place(value), y: rect.maxY),
        value == 0 && panel.range.lowerBound < 0 ? Palette.muted : Palette.hairline, width: 0.4)
    }
    if let line = panel.line {
      canvas.line(
        Point(x: place(line), y: rect.y), Point(x: place(line), y: rect.maxY), Palette.muted, width: 0.6,
        dashes: [1.5, 1.5])
    }
    for (line, value) in values.enumerated() {
      let y = rect.y + 8.5 + 12 * Double(line)
      if let mark = value.mark {
        canvas.line(Point(x: place(mark), y: y - 4.5), Point(x: place(mark), y: y + 4.5), Palette.opposite, width: 1.2)
      }
      if let (low, high) = value.interval {
        canvas.line(Point(x: place(low), y: y), Point(x: place(high), y: y), value.colour, width: 1.2)
        for end in [low, high] {
          canvas.line(Point(x: place(end), y: y - 2.5), Point(x: place(end), y: y + 2.5), value.colour, width: 1.2)
        }
      }
      canvas.disc(Point(x: place(value.value), y: y), radius: 2.6, value.colour)
    }
  }

  private static func share(_ value: Double, _ panel: Panel) -> Double {
    (value - panel.range.lowerBound) / (panel.range.upperBound - panel.range.lowerBound)
  }
}
