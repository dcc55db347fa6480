/// Two distributions over the same bins: one upwards, one downwards, each as shares of its own total.
struct BinChart {
  /// One distribution.
  struct Side {
    var counts: [Int]
    var colour: Colour
    var mean: Double?
  }

  /// The axis of the bins.
  var x: PlotFrame.Axis
  var up: Side
  /// Nil where there is one distribution only.
  var down: Side?

  /// Draws the chart into an area, marks and titles included.
  func draw(_ canvas: PDFCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let plot = PlotFrame.plot(in: rect)
    let sides = [up] + (down.map { [$0] } ?? [])
    let most = sides.flatMap { side in side.counts.map { Self.share($0, side) } }.max() ?? 0
    // One scale for both, so that heights can be compared.
    let axis = PlotFrame.Axis.shares(to: most > 0 ? most : 1, "share of each")
    let top = axis.range.upperBound
    let frame = PlotFrame(
      x: x,
      y: PlotFrame.Axis(
        range: (down == nil ? 0 : -top)...top,
        ticks: axis.ticks + (down == nil ? [] : axis.ticks.filter { $0.value > 0 }.map { (-$0.value, $0.words) }),
        title: axis.title))
    frame.draw(canvas, plot, typesetter)
    for (number, side) in sides.enumerated() { draw(side, number == 0 ? 1 : -1, canvas, plot, frame) }
    let zero = frame.place(y: 0, in: plot)
    canvas.line(Point(x: plot.x, y: zero), Point(x: plot.maxX, y: zero), Palette.muted)
  }

  private func draw(_ side: Side, _ sign: Double, _ canvas: PDFCanvas, _ plot: Rect, _ frame: PlotFrame) {
    let zero = frame.place(y: 0, in: plot), step = plot.width / Double(max(side.counts.count, 1))
    for (bin, count) in side.counts.enumerated() where count > 0 {
      // What is there is seen, be it ever so little.
      let height = max((frame.place(y: sign * Self.share(count, side), in: plot) - zero).magnitude, 0.4)
      canvas.fill(
        Rect(
          x: plot.x + Double(bin) * step + 0.3, y: sign > 0 ? zero - height : zero, width: max(step - 0.6, 0.3),
          height: height),
        side.colour)
    }
    guard let mean = side.mean else { return }
    let x = frame.place(x: mean, in: plot)
    canvas.line(
      Point(x: x, y: zero), Point(x: x, y: sign > 0 ? plot.y : plot.maxY), Palette.ink, width: 0.7, dashes: [2, 1.5])
  }

  private static func share(_ count: Int, _ side: Side) -> Double {
    Double(count) / Double(max(side.counts.reduce(0, +), 1))
  }
}
