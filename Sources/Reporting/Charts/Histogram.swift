import Results

/// Vertical bars over a fixed axis from −1 to 1, with a mark at the mean.
struct Histogram {
  var counts: [Int]
  var mean: Double?

  func piece(_ typesetter: Typesetter, width: Double) -> Piece {
    let ticks = ColourScale.cosine.ticks
    let labels = AxisLabels(ticks.map { (($0.value + 1) / 2 * width, $0.words) }, room: 0...width, typesetter)
    let most = max(counts.max() ?? 0, 1)
    let top = typesetter.shape(
      "tallest bar: \(Format.count(counts.max() ?? 0)) of \(Format.count(counts.reduce(0, +), "post", "posts"))", .tiny)
    let mark = mean.map {
      typesetter.shape("mean \(Format.decimal($0, 3))", .tiny.bold().colour(Palette.ink))
    }
    // The count gets a line of its own if there is no room next to the mean.
    let shift = (top?.width ?? 0) > width / 2 - 8 ? 10.0 : 0
    return Piece(height: 70 + shift, gap: 6, staysWithNext: true) { canvas, rect in
      let plot = Rect(x: rect.x, y: rect.y + 14 + shift, width: rect.width, height: 40)
      func place(_ value: Double) -> Double { plot.x + (value + 1) / 2 * plot.width }
      let step = plot.width / Double(max(counts.count, 1))
      for (index, count) in counts.enumerated() where count > 0 {
        let height = max(plot.height * Double(count) / Double(most), 0.5)
        canvas.fill(
          Rect(
            x: plot.x + Double(index) * step + 0.5, y: plot.maxY - height, width: step - 1, height: height),
          Palette.accentLight)
      }
      canvas.line(Point(x: plot.x, y: plot.maxY), Point(x: plot.maxX, y: plot.maxY), Palette.muted)
      for (value, _) in ticks {
        canvas.line(
          Point(x: place(value), y: plot.maxY), Point(x: place(value), y: plot.maxY + 3), Palette.muted)
      }
      labels.draw(canvas, x: rect.x, baseline: plot.maxY + 12)
      // Put the mean's label over the half without the count.
      canvas.draw(
        top, x: (mean ?? 0) < 0 ? plot.maxX - (top?.width ?? 0) : plot.x, baseline: rect.y + 8)
      if let mean, let mark {
        let x = place(mean)
        canvas.line(Point(x: x, y: plot.y - 3), Point(x: x, y: plot.maxY), Palette.ink, width: 0.8)
        let width = mark?.width ?? 0
        canvas.draw(mark, x: min(max(x + 4, plot.x), plot.maxX - width), baseline: rect.y + 14 + shift)
      }
    }
  }
}

/// Two distributions over the same bins, one drawn upwards and one downwards, each as shares of its own total.
struct MirroredHistogram {
  /// One distribution.
  struct Side {
    var counts: [Int]
    var colour: Colour
    var mean: Double?
  }

  /// The axis of the bins.
  var x: PlotFrame.Axis
  var up: Side
  /// Nil if there is only one distribution.
  var down: Side?

  /// Draws the chart, including marks and titles, into an area.
  func draw(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let plot = PlotFrame.plot(in: rect)
    let sides = [up] + (down.map { [$0] } ?? [])
    let most = sides.flatMap { side in side.counts.map { Self.share($0, side) } }.max() ?? 0
    // Use one scale for both, so that heights can be compared.
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

  private func draw(_ side: Side, _ sign: Double, _ canvas: PageCanvas, _ plot: Rect, _ frame: PlotFrame) {
    let zero = frame.place(y: 0, in: plot), step = plot.width / Double(max(side.counts.count, 1))
    for (bin, count) in side.counts.enumerated() where count > 0 {
      // A value above 0 is always visible, however small.
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
