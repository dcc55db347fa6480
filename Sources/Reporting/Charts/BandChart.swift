/// A share over whole numbers such as months: estimates with a band of their intervals, and a dashed line to compare.
package struct BandChart: Equatable, Sendable {
  /// An estimate at a position on the axis.
  package struct Sample: Equatable, Sendable {
    package var x: Int
    package var value: Double
    package var low: Double
    package var high: Double
    /// Whether the estimate is from few posts; its mark is hollow.
    package var isRough: Bool

    package init(x: Int, value: Double, low: Double, high: Double, isRough: Bool) {
      (self.x, self.value, self.low, self.high, self.isRough) = (x, value, low, high, isRough)
    }
  }

  /// A value without an interval.
  package struct Value: Equatable, Sendable {
    package var x: Int
    package var value: Double

    package init(x: Int, value: Double) { (self.x, self.value) = (x, value) }
  }

  package var title: String
  /// The estimates in ascending order of `x`.
  package var samples: [Sample]
  /// The values to compare with, in ascending order of `x`.
  package var values: [Value]

  package init(title: String, samples: [Sample], values: [Value]) {
    (self.title, self.samples, self.values) = (title, samples, values)
  }

  /// The height of the chart without its title.
  static let height = 118.0
  private static let radius = 2.0

  /// Estimates at neighbouring positions; between two groups there is a gap.
  package var groups: [[Sample]] {
    samples.reduce(into: []) { groups, sample in
      if let last = groups.last?.last, sample.x == last.x + 1 {
        groups[groups.count - 1].append(sample)
      } else {
        groups.append([sample])
      }
    }
  }

  /// Charts next to each other with the same axes.
  static func row(
    _ charts: ArraySlice<BandChart>, _ frame: PlotFrame, _ typesetter: Typesetter, width: Double, gap: Double
  )
    -> Piece
  {
    let titles = charts.map { typesetter.shape($0.title, .small.bold(), width: width, lines: 5) }
    let above = (titles.map { $0?.height ?? 0 }.max() ?? 0) + 3
    return Piece(height: above + height, gap: 8, staysWithNext: true) { canvas, rect in
      for (place, (chart, title)) in zip(charts, titles).enumerated() {
        let x = rect.x + Double(place) * (width + gap)
        canvas.draw(title, at: Point(x: x, y: rect.y))
        chart.draw(canvas, Rect(x: x, y: rect.y + above, width: width, height: height), frame, typesetter)
      }
    }
  }

  private func draw(_ canvas: PageCanvas, _ rect: Rect, _ frame: PlotFrame, _ typesetter: Typesetter) {
    let plot = PlotFrame.plot(in: rect)
    for group in groups { drawBand(group, canvas, frame, plot) }
    frame.draw(canvas, plot, typesetter)
    drawValues(canvas, frame, plot)
    for group in groups {
      let points = group.map { frame.place(Point(x: Double($0.x), y: $0.value), in: plot) }
      canvas.polyline(points, Palette.accent, width: 1.3)
      for (sample, point) in zip(group, points) {
        canvas.disc(point, radius: Self.radius, Palette.accent)
        if sample.isRough { canvas.disc(point, radius: Self.radius - 0.8, .white) }
      }
    }
  }

  private func drawBand(_ group: [Sample], _ canvas: PageCanvas, _ frame: PlotFrame, _ plot: Rect) {
    let colour = Palette.accentLight.mixed(with: .white, 0.45)
    func place(_ sample: Sample, _ value: Double) -> Point {
      frame.place(Point(x: Double(sample.x), y: value), in: plot)
    }
    let upper = group.map { place($0, $0.high) }, lower = group.map { place($0, $0.low) }
    if group.count == 1 {
      canvas.fill(
        Rect(x: upper[0].x - 2, y: upper[0].y, width: 4, height: max(lower[0].y - upper[0].y, 0.5)), colour)
    } else {
      canvas.fill(upper + lower.reversed(), colour)
    }
  }

  private func drawValues(_ canvas: PageCanvas, _ frame: PlotFrame, _ plot: Rect) {
    let points = values.map { frame.place(Point(x: Double($0.x), y: $0.value), in: plot) }
    canvas.polyline(points, SeriesStyle(colour: Palette.opposite, dashes: [4, 2]), width: 1)
    for point in points { canvas.disc(point, radius: 1.3, Palette.opposite) }
  }
}
