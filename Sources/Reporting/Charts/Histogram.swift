/// Upright bars over a fixed axis from −1 to 1, with a mark at the mean.
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
    // Where there is no room beside the mean, the count has a line of its own.
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
      // The mean's words are over the half where the count's are not.
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
