/// An upright bar of a scale's colours with its marks.
struct ScaleLegend {
  var scale: ColourScale
  var title: String

  func draw(_ canvas: PDFCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let steps = 64
    let (low, high) = (scale.domain.lowerBound, scale.domain.upperBound)
    for step in 0..<steps {
      let part = (Double(step) + 0.5) / Double(steps)
      let height = rect.height / Double(steps)
      canvas.fill(
        Rect(
          x: rect.x, y: rect.maxY - Double(step + 1) * height, width: rect.width,
          height: height + (step > 0 ? 0.3 : 0)),
        scale.colour(low + (high - low) * part))
    }
    canvas.stroke(rect, Palette.hairline, width: 0.4)
    for (value, words) in scale.ticks {
      let y = rect.maxY - rect.height * (value - low) / (high - low)
      canvas.line(Point(x: rect.maxX, y: y), Point(x: rect.maxX + 2.5, y: y), Palette.muted, width: 0.4)
      canvas.draw(typesetter.shape(words, .tiny.size(6.5)), x: rect.maxX + 5, baseline: y + 2.3)
    }
    let name = typesetter.shape(title, .tiny.size(6.5), width: 60)
    canvas.draw(name, x: rect.x, baseline: rect.y - 8)
  }

  /// The same from left to right, with its marks below.
  func drawAcross(_ canvas: PDFCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let steps = 64
    let (low, high) = (scale.domain.lowerBound, scale.domain.upperBound)
    let width = rect.width / Double(steps)
    for step in 0..<steps {
      let part = (Double(step) + 0.5) / Double(steps)
      canvas.fill(
        Rect(
          x: rect.x + Double(step) * width, y: rect.y, width: width + (step < steps - 1 ? 0.3 : 0), height: rect.height),
        scale.colour(low + (high - low) * part))
    }
    canvas.stroke(rect, Palette.hairline, width: 0.4)
    func place(_ value: Double) -> Double { rect.width * (value - low) / (high - low) }
    for (value, _) in scale.ticks {
      let x = rect.x + place(value)
      canvas.line(Point(x: x, y: rect.maxY), Point(x: x, y: rect.maxY + 2), Palette.muted, width: 0.4)
    }
    AxisLabels(
      scale.ticks.map { (place($0.value), $0.words) }, room: -12...rect.width + 12, typesetter, style: .tiny.size(6.5)
    ).draw(canvas, x: rect.x, baseline: rect.maxY + 9)
    canvas.draw(
      typesetter.shape(title, .tiny.size(6.5), width: rect.width), x: rect.x, baseline: rect.y - 4)
  }
}
