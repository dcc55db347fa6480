import Evaluation
import Results

/// Curves over two axes from 0 to 1.
struct CurveChart {
  struct Curve {
    var points: [Point]
    var style: SeriesStyle
  }

  var frame: PlotFrame
  var curves: [Curve]
  /// The lines that random scores would give, by their end points.
  var chances: [(from: Point, to: Point, colour: Colour)]

  /// The side of the square chart in points, including marks and titles.
  static let side = 250.0

  func draw(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let plot = PlotFrame.plot(in: rect)
    frame.draw(canvas, plot, typesetter)
    for chance in chances {
      canvas.line(
        frame.place(chance.from, in: plot), frame.place(chance.to, in: plot), chance.colour, width: 0.6, dashes: [2, 2])
    }
    // Draw the first curve last, since it is the most important one.
    for curve in curves.reversed() {
      canvas.polyline(curve.points.map { frame.place($0, in: plot) }, curve.style, width: 1.2)
    }
  }
}

extension RankingCurve {
  var rocLine: [Reporting.Point] { roc.map { Reporting.Point(x: $0.x, y: $0.y) } }

  /// The precision–recall curve as steps. Between two points the precision is that of the second, so the area is the
  /// average precision.
  var precisionSteps: [Reporting.Point] {
    var steps: [Reporting.Point] = [], recall = 0.0
    for point in precisionRecall {
      steps.append(Reporting.Point(x: recall, y: point.y))
      steps.append(Reporting.Point(x: point.x, y: point.y))
      recall = point.x
    }
    return steps
  }
}

/// Confidence against accuracy in bins, with the number of posts in each bin below.
struct ReliabilityChart {
  var reliability: ReliabilityDiagram
  /// The size of the whole chart, in points.
  static let size = (width: 250.0, height: 306.0)
  private static let counts = 56.0
  /// Bins with fewer posts are grey.
  static let few = 10

  func draw(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let part = rect.height / Self.size.height
    let upper = Rect(x: rect.x, y: rect.y, width: rect.width, height: rect.height - Self.counts * part)
    let plot = PlotFrame.plot(in: upper)
    let frame = PlotFrame(x: .unit("mean confidence of the bin"), y: .unit("accuracy"))
    frame.draw(canvas, plot, typesetter)
    canvas.line(
      frame.place(Point(x: 0, y: 0), in: plot), frame.place(Point(x: 1, y: 1), in: plot), Palette.muted, width: 0.6,
      dashes: [2, 2])
    for bin in reliability.bins {
      guard let confidence = bin.confidence, let accuracy = bin.accuracy else { continue }
      let centre = frame.place(Point(x: min(max(confidence, 0), 1), y: accuracy), in: plot)
      let interval = WilsonInterval(bin.right, of: bin.count)
      let (low, high) = (frame.place(y: interval.low, in: plot), frame.place(y: interval.high, in: plot))
      let isSmall = bin.count < Self.few
      canvas.line(
        Point(x: centre.x, y: low), Point(x: centre.x, y: high), isSmall ? Palette.hairline : Palette.accentLight,
        width: 1.6)
      canvas.disc(centre, radius: 2.4, isSmall ? Palette.quiet : Palette.accent)
    }
    let lower = Rect(x: plot.x, y: upper.maxY + 12, width: plot.width, height: Self.counts * part - 14)
    drawCounts(canvas, lower, typesetter)
  }

  /// Bars from 0, with their counts above.
  private func drawCounts(_ canvas: PageCanvas, _ area: Rect, _ typesetter: Typesetter) {
    let most = max(reliability.bins.map(\.count).max() ?? 0, 1), step = area.width / Double(reliability.bins.count)
    // Write all counts if they have room, else only the largest.
    let size = 5.5
    let widest = reliability.bins.map { typesetter.width(of: Format.compact($0.count), .tiny.size(size)) }.max() ?? 0
    let hasRoom = widest <= step - 0.5
    for (place, bin) in reliability.bins.enumerated() where bin.count > 0 {
      let height = max(area.height * Double(bin.count) / Double(most), 0.4)
      let x = area.x + Double(place) * step
      canvas.fill(Rect(x: x + 0.4, y: area.maxY - height, width: step - 0.8, height: height), Palette.accentLight)
      guard hasRoom || bin.count == most else { continue }
      let words = typesetter.shape(Format.compact(bin.count), .tiny.size(size))
      let start = min(x + (step - (words?.width ?? 0)) / 2, area.maxX + 6 - (words?.width ?? 0))
      canvas.draw(words, x: start, baseline: area.maxY - height - 1.5)
    }
    canvas.line(Point(x: area.x, y: area.maxY), Point(x: area.maxX, y: area.maxY), Palette.muted)
    let title = typesetter.shape("posts", .tiny, width: area.height, alignment: .centre)
    canvas.drawUpwards(title, from: Point(x: area.x - PlotFrame.left + 7, y: area.maxY))
  }
}
