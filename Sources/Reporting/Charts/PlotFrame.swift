import Results

/// The frame of a chart with two axes: marks, hairlines, titles, and the positions of values.
struct PlotFrame {
  struct Axis {
    var range: ClosedRange<Double>
    /// The marks with their labels.
    var ticks: [(value: Double, words: String)]
    var title: String
    /// A shorter title for an axis that is too short for `title`.
    var shortTitle: String?

    /// An axis from 0 to 1.
    static func unit(_ title: String) -> Axis {
      Axis(
        range: 0...1, ticks: [(0, "0"), (0.2, "0.2"), (0.4, "0.4"), (0.6, "0.6"), (0.8, "0.8"), (1, "1")], title: title)
    }

    /// An axis of shares from 0 to about `most`, which must be above 0, with about `count` intervals between its marks.
    static func shares(to most: Double, _ title: String, about count: Int = 3) -> Axis {
      let marks = AxisTicks(from: 0, to: most, about: count)
      let decimals = marks.values.contains {
        ($0 * 100).rounded() != $0 * 100 && ($0 * 100 - ($0 * 100).rounded()).magnitude > 1e-6
      }
      return Axis(
        range: 0...max(marks.range.upperBound, most),
        ticks: marks.values.map { ($0, Format.decimal($0 * 100, decimals ? 1 : 0) + " %") }, title: title)
    }
  }

  var x: Axis
  var y: Axis
  /// The space for marks and titles at the left, in points.
  static let left = 40.0
  static let below = 26.0
  static let above = 5.0

  /// The area for the values within the area of the whole chart.
  static func plot(in rect: Rect) -> Rect {
    Rect(x: rect.x + left, y: rect.y + above, width: rect.width - left - 6, height: rect.height - above - below)
  }

  func place(x value: Double, in plot: Rect) -> Double {
    plot.x + plot.width * (value - x.range.lowerBound) / (x.range.upperBound - x.range.lowerBound)
  }

  func place(y value: Double, in plot: Rect) -> Double {
    plot.maxY - plot.height * (value - y.range.lowerBound) / (y.range.upperBound - y.range.lowerBound)
  }

  func place(_ point: Point, in plot: Rect) -> Point {
    Point(x: place(x: point.x, in: plot), y: place(y: point.y, in: plot))
  }

  /// Draws everything except the values.
  func draw(_ canvas: PageCanvas, _ plot: Rect, _ typesetter: Typesetter) {
    for (value, _) in y.ticks {
      let y = place(y: value, in: plot)
      canvas.line(Point(x: plot.x, y: y), Point(x: plot.maxX, y: y), Palette.hairline, width: 0.4)
    }
    let upright = y.ticks.sorted { $0.value > $1.value }.map { ($0.words, place(y: $0.value, in: plot)) }
    let written = TickLabels.fitting(
      upright.map { ($0.1 - 3.5, $0.1 + 3.5) }, anchor: upright.firstIndex { $0.0 == "0" || $0.0 == "0 %" } ?? 0)
    for (words, y) in written.map({ upright[$0] }) {
      let shaped = typesetter.shape(words, .tiny)
      canvas.draw(shaped, x: plot.x - 4 - (shaped?.width ?? 0), baseline: y + 2.5)
    }
    for (value, _) in x.ticks {
      let x = place(x: value, in: plot)
      canvas.line(Point(x: x, y: plot.y), Point(x: x, y: plot.maxY), Palette.hairline, width: 0.4)
    }
    AxisLabels(
      x.ticks.map { (place(x: $0.value, in: plot), $0.words) }, room: plot.x - 8...plot.maxX + 6, typesetter
    ).draw(canvas, x: 0, baseline: plot.maxY + 10)
    canvas.line(Point(x: plot.x, y: plot.maxY), Point(x: plot.maxX, y: plot.maxY), Palette.muted)
    canvas.line(Point(x: plot.x, y: plot.y), Point(x: plot.x, y: plot.maxY), Palette.muted)
    canvas.draw(title(x, plot.width, typesetter), x: plot.x, baseline: plot.maxY + 21)
    canvas.drawUpwards(title(y, plot.height, typesetter), from: Point(x: plot.x - Self.left + 7, y: plot.maxY))
  }
}

extension PlotFrame {
  /// The title of an axis, the short one if the other does not fit.
  private func title(_ axis: Axis, _ length: Double, _ typesetter: Typesetter) -> ShapedText? {
    let title = typesetter.shape(axis.title, .tiny, width: length, alignment: .centre)
    guard let short = axis.shortTitle, title?.isCut == true else { return title }
    return typesetter.shape(short, .tiny, width: length, alignment: .centre)
  }
}

extension PageCanvas {
  /// Draws a line through points in a series' style.
  func polyline(_ points: [Point], _ style: SeriesStyle, width: Double) {
    for stroke in DashPattern.strokes(points, style.dashes) { polyline(stroke, style.colour, width: width) }
  }

  /// Draws a small cross.
  func cross(_ centre: Point, radius: Double, _ colour: Colour, width: Double = 0.9) {
    line(
      Point(x: centre.x - radius, y: centre.y - radius), Point(x: centre.x + radius, y: centre.y + radius), colour,
      width: width)
    line(
      Point(x: centre.x - radius, y: centre.y + radius), Point(x: centre.x + radius, y: centre.y - radius), colour,
      width: width)
  }
}

/// The style of a series of points or of a curve.
///
/// The colours can be distinguished by readers with colour blindness: their smallest distance is 13 ΔE*ab, also with
/// deuteranopia, and each has a contrast of at least 3 on white. Dash patterns distinguish lines without colour.
package struct SeriesStyle: Equatable, Sendable {
  package var colour: Colour
  /// The lengths of strokes and gaps in points; empty for a solid line.
  package var dashes: [Double]

  /// The number of styles.
  package static var count: Int { styles.count }

  /// The style of a series by its number; series beyond the last style are grey.
  package static func of(_ number: Int) -> SeriesStyle {
    styles.indices.contains(number) ? styles[number] : SeriesStyle(colour: Palette.quiet, dashes: [])
  }

  private static let styles = [
    SeriesStyle(colour: Palette.accent, dashes: []), SeriesStyle(colour: Palette.opposite, dashes: [5, 2]),
    SeriesStyle(colour: Palette.ink, dashes: [1.2, 1.8]), SeriesStyle(colour: Colour(0xB2_7483), dashes: [9, 2.5]),
    SeriesStyle(colour: Colour(0x79_00F2), dashes: [7, 2, 1.5, 2]),
    SeriesStyle(colour: Colour(0x8C_9A00), dashes: [3, 1.5]),
  ]
}

/// Divides a line through points into the strokes of a dashed line.
package enum DashPattern {
  /// - Parameters:
  ///   - points: the points of the line.
  ///   - dashes: the lengths of strokes and gaps in turn, all above 0.
  /// - Returns: The strokes; the whole line if there are no dashes.
  /// - Complexity: O(points + length / dashes).
  package static func strokes(_ points: [Point], _ dashes: [Double]) -> [[Point]] {
    guard !dashes.isEmpty, dashes.allSatisfy({ $0 > 0 }), let first = points.first else { return [points] }
    var strokes: [[Point]] = [], stroke = [first], turn = 0, left = dashes[0]
    for (from, to) in zip(points, points.dropFirst()) {
      let length = ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)).squareRoot()
      var done = 0.0
      while length - done > left {
        done += left
        let part = done / length
        let point = Point(x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part)
        if turn.isMultiple(of: 2) { strokes.append(stroke + [point]) }
        turn += 1
        stroke = [point]
        left = dashes[turn % dashes.count]
      }
      left -= length - done
      stroke.append(to)
    }
    return turn.isMultiple(of: 2) && stroke.count > 1 ? strokes + [stroke] : strokes
  }
}
