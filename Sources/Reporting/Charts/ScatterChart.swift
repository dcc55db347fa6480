/// Points on two axes with the same scale, so that distances on the page match those in the data.
struct ScatterChart {
  struct Mark {
    var x: Double
    var y: Double
    var colour: Colour
    /// Whether the point is a cross instead of a dot.
    var isCross: Bool
  }

  var marks: [Mark]
  var xTitle: String
  var yTitle: String
  /// Shorter titles for axes that are too short for `xTitle` and `yTitle`.
  var shortTitles: (x: String, y: String)

  /// The size for a width, including marks and titles; as high as the points need, but not too flat.
  func size(width: Double) -> (width: Double, height: Double) {
    let (xs, ys) = (marks.map(\.x), marks.map(\.y))
    let across = (xs.max() ?? 0) - (xs.min() ?? 0), up = (ys.max() ?? 0) - (ys.min() ?? 0)
    let plot = width - PlotFrame.left - 6
    return (width, plot * min(max(across > 0 ? up / across : 1, 0.5), 1) + PlotFrame.above + PlotFrame.below)
  }

  /// Draws the chart, including marks and titles, into an area.
  func draw(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let plot = PlotFrame.plot(in: rect)
    let frame = frame(plot)
    frame.draw(canvas, plot, typesetter)
    let radius = marks.count > 800 ? 1.0 : marks.count > 200 ? 1.4 : 2.0
    canvas.clipped(to: plot.inset(by: -3)) {
      // Draw crosses last, since they are what a reader looks for.
      for mark in marks where !mark.isCross {
        canvas.disc(frame.place(Point(x: mark.x, y: mark.y), in: plot), radius: radius, mark.colour)
      }
      let crosses = marks.filter(\.isCross), isCrowded = crosses.count > 100
      for mark in crosses {
        let centre = frame.place(Point(x: mark.x, y: mark.y), in: plot)
        if !isCrowded { canvas.cross(centre, radius: radius + 1.9, .white, width: 2) }
        canvas.cross(centre, radius: radius + (isCrowded ? 0.8 : 1.5), mark.colour, width: isCrowded ? 0.7 : 1)
      }
    }
  }

  /// Axes around all points, with the same scale on both.
  private func frame(_ plot: Rect) -> PlotFrame {
    let (xs, ys) = (marks.map(\.x), marks.map(\.y))
    let x = (low: xs.min() ?? 0, high: xs.max() ?? 0), y = (low: ys.min() ?? 0, high: ys.max() ?? 0)
    let unit = max((x.high - x.low) / plot.width, (y.high - y.low) / plot.height, 1e-9) * 1.06
    func axis(_ ends: (low: Double, high: Double), _ length: Double, _ title: String, _ short: String)
      -> PlotFrame.Axis
    {
      let middle = (ends.low + ends.high) / 2, half = unit * length / 2
      let ticks = AxisTicks(from: middle - half, to: middle + half, about: 5, isWidened: false)
      return PlotFrame.Axis(
        range: middle - half...middle + half, ticks: zip(ticks.values, ticks.labels).map { ($0, $1) }, title: title,
        shortTitle: short)
    }
    return PlotFrame(x: axis(x, plot.width, xTitle, shortTitles.x), y: axis(y, plot.height, yTitle, shortTitles.y))
  }
}
