import Evaluation

/// Curves over two axes from 0 to 1.
struct CurveChart {
  /// A curve.
  struct Curve {
    var points: [Point]
    var style: SeriesStyle
  }

  var frame: PlotFrame
  var curves: [Curve]
  /// Lines that a score without any knowledge would follow, by their ends.
  var chances: [(from: Point, to: Point, colour: Colour)]

  /// The side of a square chart, marks and titles included.
  static let side = 250.0

  func draw(_ canvas: PDFCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let plot = PlotFrame.plot(in: rect)
    frame.draw(canvas, plot, typesetter)
    for chance in chances {
      canvas.line(
        frame.place(chance.from, in: plot), frame.place(chance.to, in: plot), chance.colour, width: 0.6, dashes: [2, 2])
    }
    // The first curve is the most important one and lies on top.
    for curve in curves.reversed() {
      canvas.polyline(curve.points.map { frame.place($0, in: plot) }, curve.style, width: 1.2)
    }
  }
}

extension RankingCurve {
  /// The ROC curve as it is drawn.
  var rocLine: [Reporting.Point] { roc.map { Reporting.Point(x: $0.x, y: $0.y) } }

  /// The precision–recall curve in steps: from one recall to the next the precision is that of the next, as average
  /// precision counts it.
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
