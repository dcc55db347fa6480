/// Values as dots on a fixed axis, each with a whisker over its interval and with figures at the right.
///
/// Several panels next to each other show different measures of the same rows. If the axes are then too short, names go
/// above their rows; if that is not enough, the panels are placed below each other.
struct IntervalChart {
  struct Value {
    var value: Double
    /// Nil if there is no interval.
    var interval: (low: Double, high: Double)?
    var colour = Palette.accent
    /// A reference value, such as chance.
    var mark: Double?
  }

  /// A row: a name, a note at the right, and any number of values in each panel.
  struct Row {
    var name: String
    var note = ""
    var isQuiet = false
    var panels: [[Value]]
    /// The figures at the right of each panel, one line for each value.
    var figures: [[String]]
  }

  /// A column of the chart: one measure with its own axis.
  struct Panel {
    var title: String
    var range: ClosedRange<Double>
    var ticks: [(value: Double, words: String)]
    /// A vertical line across all rows, such as the value over all posts.
    var line: Double?

    init(_ title: String, _ range: ClosedRange<Double> = 0...1, line: Double? = nil) {
      (self.title, self.range, self.line) = (title, range, line)
      ticks =
        range.lowerBound < 0
        ? [(-1, "−1"), (-0.5, "−0.5"), (0, "0"), (0.5, "0.5"), (1, "1")]
        : [(0, "0"), (0.25, "0.25"), (0.5, "0.5"), (0.75, "0.75"), (1, "1")]
    }

    func share(_ value: Double) -> Double { (value - range.lowerBound) / (range.upperBound - range.lowerBound) }
  }

  var panels: [Panel]
  var rows: [Row]
  var noteTitle = ""
  var nameTitle = ""
  var noteWidth = 0.0
  var figureWidth = 104.0
  /// The names in other charts whose axes begin at the same place.
  var namesBeside: [String] = []

  init(
    panels: [Panel], rows: [Row], nameTitle: String = "", noteTitle: String = "", noteWidth: Double = 0,
    figureWidth: Double = 104, namesBeside: [String] = []
  ) {
    (self.panels, self.rows, self.nameTitle) = (panels, rows, nameTitle)
    (self.noteTitle, self.noteWidth, self.figureWidth) = (noteTitle, noteWidth, figureWidth)
    self.namesBeside = namesBeside
  }

  /// A piece for the axes and one for each row, so that many rows can continue on the next page.
  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let geometry = IntervalGeometry(self, typesetter, width: width)
    if geometry.axis < IntervalGeometry.leastAxis, panels.count > 1 {
      return panels.indices.flatMap { panel in
        var chart = self
        chart.panels = [panels[panel]]
        chart.rows = rows.map { row in
          var row = row
          (row.panels, row.figures) = ([row.panels[panel]], [row.figures[panel]])
          return row
        }
        return chart.pieces(typesetter, width: width)
      }
    }
    let head = head(typesetter, geometry)
    return [head] + rows.enumerated().map { piece($1, at: $0, head, typesetter, geometry) }
  }

  private func piece(
    _ row: Row, at index: Int, _ head: Piece, _ typesetter: Typesetter, _ geometry: IntervalGeometry
  ) -> Piece {
    let lines = max(row.figures.map(\.count).max() ?? 1, 1)
    let style = TextStyle.small.colour(row.isQuiet ? Palette.muted : Palette.ink)
    let noteText = typesetter.shape(
      row.note, TextStyle.small.colour(Palette.muted), width: max(geometry.noteWidth - 4, 1), alignment: .right)
    let name = typesetter.shape(row.name, style, width: geometry.nameWidth, lines: 4)
    let figures = row.figures.map {
      $0.map { typesetter.shape($0, style, width: geometry.figureWidth, alignment: .right) }
    }
    let above = geometry.isStacked ? max(name?.height ?? 0, 11) + 1 : 0
    let beside = geometry.isStacked ? 0 : (name?.height ?? 0) + 6
    var piece = Piece(
      height: above + max(5 + 12 * Double(lines), beside),
      staysWithNext: index < 2 || index == rows.count - 1 || rows.count <= 12
    ) { canvas, rect in
      canvas.line(
        Point(x: rect.x, y: rect.maxY), Point(x: rect.maxX, y: rect.maxY), Palette.hairline, width: 0.4)
      canvas.draw(name, x: rect.x, baseline: rect.y + 11.5)
      if geometry.noteWidth > 0 {
        canvas.draw(noteText, x: rect.x + geometry.noteStart, baseline: rect.y + 11.5)
      }
      let part = Rect(x: rect.x, y: rect.y + above, width: rect.width, height: rect.height - above)
      for (place, panel) in panels.enumerated() {
        let x = rect.x + geometry.start(place)
        draw(panel, row.panels[place], canvas, part, x: x, length: geometry.axis)
        for (line, figure) in figures[place].enumerated() {
          canvas.draw(figure, x: x + geometry.axis + 8, baseline: part.y + 11.5 + 12 * Double(line))
        }
      }
    }
    piece.repeated = [head]
    piece.neededWidth = geometry.neededWidth
    return piece
  }

  private func head(_ typesetter: Typesetter, _ geometry: IntervalGeometry) -> Piece {
    let titles = panels.map { typesetter.shape($0.title, .tiny, width: geometry.figureWidth, alignment: .right) }
    let ticks = panels.map { panel in
      AxisLabels(
        panel.ticks.map { (panel.share($0.value) * geometry.axis, $0.words) }, room: -6...geometry.axis + 6, typesetter)
    }
    let noteTitle = typesetter.shape(
      noteTitle, .tiny, width: max(geometry.noteWidth - 4, 1), alignment: .right)
    let name = typesetter.shape(nameTitle, .tiny, width: geometry.nameWidth, lines: 4)
    // A long title takes further lines above the axes.
    let further = name?.furtherHeight ?? 0
    let above = further + (geometry.isStacked && !(nameTitle.isEmpty && self.noteTitle.isEmpty) ? 11 : 0)
    return Piece(height: 14 + above, gap: 2, staysWithNext: true) { canvas, rect in
      canvas.draw(name, x: rect.x, baseline: rect.y + 9)
      if geometry.noteWidth > 0 {
        canvas.draw(
          noteTitle, x: rect.x + geometry.noteStart, baseline: rect.y + (geometry.isStacked ? 0 : further) + 9)
      }
      for place in panels.indices {
        let x = rect.x + geometry.start(place)
        ticks[place].draw(canvas, x: x, baseline: rect.y + above + 9)
        canvas.draw(titles[place], x: x + geometry.axis + 8, baseline: rect.y + above + 9)
      }
      canvas.line(Point(x: rect.x, y: rect.maxY), Point(x: rect.maxX, y: rect.maxY), Palette.muted, width: 0.6)
    }
  }

  private func draw(
    _ panel: Panel, _ values: [Value], _ canvas: PageCanvas, _ rect: Rect, x: Double, length: Double
  ) {
    func place(_ value: Double) -> Double { x + min(max(panel.share(value), 0), 1) * length }
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
}

/// The layout of an interval chart; positions are in points from its left edge.
struct IntervalGeometry {
  /// The shortest axis that can still show differences.
  static let leastAxis = 56.0
  /// The length of the axis below which names go above their rows.
  private static let besideAxis = 84.0
  private static let gap = 12.0

  /// Whether names are above their rows.
  let isStacked: Bool
  let nameWidth: Double
  let noteStart: Double
  let noteWidth: Double
  let figureWidth: Double
  /// The length of each panel's axis in points.
  let axis: Double
  /// The smallest width of the chart.
  let neededWidth: Double
  private let origin: Double
  private let panelWidth: Double

  init(_ chart: IntervalChart, _ typesetter: Typesetter, width: Double) {
    func widest(_ texts: [String], _ style: TextStyle) -> Double {
      texts.map { typesetter.width(of: $0, style) }.max() ?? 0
    }
    let panels = Double(max(chart.panels.count, 1))
    let names = widest(chart.rows.map(\.name) + chart.namesBeside, .small)
    let figures =
      max(
        widest(chart.rows.flatMap { $0.figures.flatMap(\.self) }, .small), widest(chart.panels.map(\.title), .tiny)) + 1
    let notes =
      chart.noteWidth > 0 ? max(widest(chart.rows.map(\.note), .small), widest([chart.noteTitle], .tiny)) + 5 : 0
    let gutter = min(max(names + 10, 60), chart.panels.count > 1 ? 130 : 170)
    let (besideNotes, besideFigures) = (max(chart.noteWidth, notes), max(chart.figureWidth, figures))
    let whole = (width - gutter - besideNotes - Self.gap * (panels - 1)) / panels
    isStacked = whole - besideFigures - 14 < (panels > 1 ? Self.leastAxis : Self.besideAxis)
    if isStacked {
      (figureWidth, noteWidth) = (figures, notes)
      (nameWidth, noteStart) = (max(width - notes - 4, 24), width - notes + 4)
      origin = 6
      panelWidth = (width - Self.gap * (panels - 1)) / panels
    } else {
      (figureWidth, noteWidth) = (besideFigures, besideNotes)
      (nameWidth, noteStart) = (gutter - 6, gutter)
      origin = gutter + besideNotes + 6
      panelWidth = whole
    }
    axis = max(panelWidth - figureWidth - 14, 20)
    neededWidth = max(Self.leastAxis + figures + 14, notes + 60)
  }

  /// The left end of a panel's axis.
  func start(_ panel: Int) -> Double { origin + Double(panel) * (panelWidth + Self.gap) }
}
