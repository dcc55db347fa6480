/// Curves over a common axis of whole numbers such as epochs, one of which may be marked.
package struct LineChart: Equatable, Sendable {
  /// A value at a position on the axis.
  package struct Sample: Equatable, Sendable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

    /// Whether it can be drawn; NaN, infinite and absurdly large values leave a gap.
    var isDrawable: Bool { x.magnitude < 1e300 && y.magnitude < 1e300 }
  }

  package struct Line: Equatable, Sendable {
    package var name: String
    /// The text after the name, such as the value at the mark.
    package var figure: String
    /// The values in ascending order of x.
    package var samples: [Sample]

    package init(name: String, figure: String = "", samples: [Sample]) {
      (self.name, self.figure, self.samples) = (name, figure, samples)
    }
  }

  package var title: String
  /// The title of the horizontal axis.
  package var xTitle: String
  /// The range that the horizontal axis at least covers, so that charts above each other share one axis.
  package var places: ClosedRange<Double>?
  /// The curves; those beyond the number of colours get the last colour.
  package var lines: [Line]
  /// The marked position.
  package var mark: Double?
  /// Whether the vertical axis begins at 0 if no value is negative.
  package var beginsAtZero: Bool

  package init(
    title: String, xTitle: String, places: ClosedRange<Double>? = nil, lines: [Line], mark: Double? = nil,
    beginsAtZero: Bool = false
  ) {
    (self.title, self.xTitle, self.places, self.lines) = (title, xTitle, places, lines)
    (self.mark, self.beginsAtZero) = (mark, beginsAtZero)
  }

  static let height = 136.0
  private static let colours = [Palette.accent, Palette.opposite, Palette.muted]
  private static let frame = (top: 30.0, bottom: 16.0)

  /// Lays out the chart for a width; the returned closure draws it with its top left corner at a point.
  func drawing(_ typesetter: Typesetter, width: Double) -> (PageCanvas, Point) -> Void {
    let empty = LineGeometry(self, plot: Rect(x: 0, y: 0, width: 1, height: 1))
    let yLabels = empty.y.labels.map { typesetter.shape($0, .tiny) }
    let gutter = min(max(yLabels.reduce(24) { max($0, $1?.width ?? 0) } + 5, 24), width / 2)
    let plot = Rect(
      x: gutter, y: Self.frame.top, width: width - gutter - 4, height: Self.height - Self.frame.top - Self.frame.bottom)
    let geometry = LineGeometry(self, plot: plot)
    let xLabels = geometry.x.labels.map { typesetter.shape($0, .tiny) }
    let title = typesetter.shape(title, .small.bold(), width: width)
    let xTitle = typesetter.shape(xTitle, .tiny, width: gutter - 2)
    let names = legend(typesetter, width: width)
    let nothing = geometry.isEmpty ? typesetter.shape("no values", .note) : nil
    return { canvas, corner in
      canvas.moved(to: corner) {
        canvas.draw(title, x: 0, baseline: 9)
        drawLegend(names, canvas)
        for (value, label) in zip(geometry.y.values, yLabels) {
          let y = geometry.place(y: value)
          canvas.line(Point(x: plot.x, y: y), Point(x: plot.maxX, y: y), Palette.hairline, width: 0.4)
          canvas.draw(label, x: plot.x - 5 - (label?.width ?? 0), baseline: y + 2.5)
        }
        canvas.line(Point(x: plot.x, y: plot.maxY), Point(x: plot.maxX, y: plot.maxY), Palette.muted)
        for (value, label) in zip(geometry.x.values, xLabels) {
          let x = geometry.place(x: value)
          canvas.line(Point(x: x, y: plot.maxY), Point(x: x, y: plot.maxY + 2.5), Palette.muted)
          let wide = label?.width ?? 0
          canvas.draw(label, x: min(x - wide / 2, plot.maxX + 4 - wide), baseline: plot.maxY + 11)
        }
        canvas.draw(xTitle, x: 0, baseline: plot.maxY + 11)
        drawCurves(geometry, canvas)
        canvas.draw(nothing, x: plot.midX - (nothing?.width ?? 0) / 2, baseline: plot.midY)
      }
    }
  }

  // MARK: - Parts

  private func colour(_ index: Int) -> Colour { Self.colours[min(index, Self.colours.count - 1)] }

  private func legend(_ typesetter: Typesetter, width: Double) -> [(name: ShapedText?, figure: ShapedText?)] {
    let room = width / Double(max(lines.count, 1)) - 20
    return lines.map { line in
      let figure = line.figure.isEmpty ? nil : typesetter.shape(line.figure, .tiny.bold(), width: room / 2)
      let left = room - (figure.map { $0.width + 4 } ?? 0)
      return (typesetter.shape(line.name, .tiny, width: max(left, 8)), figure)
    }
  }

  private func drawLegend(_ names: [(name: ShapedText?, figure: ShapedText?)], _ canvas: PageCanvas) {
    var x = 0.0
    for (index, text) in names.enumerated() {
      canvas.line(Point(x: x, y: 17.5), Point(x: x + 9, y: 17.5), colour(index), width: 1.6)
      canvas.draw(text.name, x: x + 12, baseline: 20)
      x += 12 + (text.name?.width ?? 0)
      if let figure = text.figure {
        canvas.draw(figure, x: x + 4, baseline: 20)
        x += 4 + figure.width
      }
      x += 12
    }
  }

  private func drawCurves(_ geometry: LineGeometry, _ canvas: PageCanvas) {
    let plot = geometry.plot
    if let mark, geometry.x.range.contains(mark) {
      let x = geometry.place(x: mark)
      canvas.line(
        Point(x: x, y: plot.y - 4), Point(x: x, y: plot.maxY), Palette.muted, width: 0.6, dashes: [2, 2])
    }
    // Draw the first line last, since it is the most important one.
    for (index, line) in lines.enumerated().reversed() {
      let width = geometry.lineWidth(line)
      for run in geometry.runs(line) {
        canvas.polyline(run, colour(index), width: width)
        if run.count == 1 || geometry.showsDots(line) {
          for point in run { canvas.disc(point, radius: 1.4, colour(index)) }
        }
      }
      for sample in line.samples where sample.x == mark && sample.isDrawable {
        canvas.disc(geometry.place(sample), radius: 2.2, colour(index))
      }
    }
  }
}

/// The positions of a chart's values on the page, thinned out if there are many.
package struct LineGeometry: Equatable, Sendable {
  /// The area of the curves, in points.
  package let plot: Rect
  package let x: AxisTicks
  package let y: AxisTicks
  /// Whether there is nothing to draw.
  package let isEmpty: Bool

  /// The number of values above which a curve is thinned out; a chart is hardly wider in points.
  package static let limit = 400
  /// The number of values above which a curve has no dots.
  private static let dots = 16

  package init(_ chart: LineChart, plot: Rect) {
    let samples = chart.lines.flatMap(\.samples).filter(\.isDrawable)
    let ends = chart.places.map { [$0.lowerBound, $0.upperBound] } ?? []
    let (xs, ys) = (samples.map(\.x) + ends, samples.map(\.y))
    self.plot = plot
    isEmpty = samples.isEmpty
    x = AxisTicks(from: xs.min() ?? 0, to: xs.max() ?? 1, about: 5, isWhole: true, isWidened: false)
    let least = ys.min() ?? 0
    y = AxisTicks(from: chart.beginsAtZero ? min(least, 0) : least, to: ys.max() ?? 1, about: 5)
  }

  package func place(x value: Double) -> Double { plot.x + plot.width * Self.part(value, of: x.range) }

  package func place(y value: Double) -> Double { plot.maxY - plot.height * Self.part(value, of: y.range) }

  package func place(_ sample: LineChart.Sample) -> Point { Point(x: place(x: sample.x), y: place(y: sample.y)) }

  /// A curve as strokes, interrupted where a value cannot be drawn.
  package func runs(_ line: LineChart.Line) -> [[Point]] {
    line.samples.split { !$0.isDrawable }.map { Self.thinned(Array($0)).map(place) }
  }

  /// The width in points; fewer values give a thicker line.
  package func lineWidth(_ line: LineChart.Line) -> Double {
    line.samples.count <= 60 ? 1.3 : line.samples.count <= 250 ? 1 : 0.7
  }

  /// Whether every value has a dot.
  func showsDots(_ line: LineChart.Line) -> Bool { line.samples.count <= Self.dots }

  /// At most about `limit` samples that look like all of them: the smallest and the largest of each part, in order, and
  /// both ends.
  package static func thinned(_ samples: [LineChart.Sample]) -> [LineChart.Sample] {
    guard samples.count > limit, let first = samples.first, let last = samples.last else { return samples }
    let stretches = limit / 2
    var kept = [first]
    for stretch in 0..<stretches {
      let inside = samples.indices.dropFirst().dropLast()
      let begin = inside.lowerBound + inside.count * stretch / stretches
      let end = inside.lowerBound + inside.count * (stretch + 1) / stretches
      guard let low = (begin..<end).min(by: { samples[$0].y < samples[$1].y }),
        let high = (begin..<end).max(by: { samples[$0].y < samples[$1].y })
      else { continue }
      kept += (low == high ? [low] : [min(low, high), max(low, high)]).map { samples[$0] }
    }
    return kept + [last]
  }

  private static func part(_ value: Double, of range: ClosedRange<Double>) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
