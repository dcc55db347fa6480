/// Where a chart's values lie on the page, and how many of them are worth a point of their own.
package struct LineGeometry: Equatable, Sendable {
  /// The area of the curves.
  package let plot: Rect
  package let x: AxisTicks
  package let y: AxisTicks
  /// Whether there is nothing to draw.
  package let isEmpty: Bool

  /// More values than that are thinned out: a chart is hardly wider in points.
  package static let limit = 400
  /// With more values than that a curve has no dots.
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

  /// A curve as strokes, torn where a value cannot be drawn.
  package func runs(_ line: LineChart.Line) -> [[Point]] {
    line.samples.split { !$0.isDrawable }.map { Self.thinned(Array($0)).map(place) }
  }

  /// The fewer the values, the stronger the line.
  package func lineWidth(_ line: LineChart.Line) -> Double {
    line.samples.count <= 60 ? 1.3 : line.samples.count <= 250 ? 1 : 0.7
  }

  /// Whether every value has a dot.
  func showsDots(_ line: LineChart.Line) -> Bool { line.samples.count <= Self.dots }

  /// At most about `limit` samples that look like all: of each stretch, the least and the greatest in their order,
  /// and both ends.
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
