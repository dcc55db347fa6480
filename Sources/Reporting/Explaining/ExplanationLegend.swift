/// A lying bar of a scale's colours, its marks below and its name at its left.
struct ExplanationLegend {
  var scale: ColourScale
  var title: String

  /// The height of bar and marks.
  static let height = 16.0

  func draw(_ canvas: PDFCanvas, _ rect: Rect, _ typesetter: Typesetter) {
    let style = TextStyle.tiny.size(6.5)
    let name = typesetter.shape(title, style, width: max(rect.width - 88, 20))
    canvas.draw(name, x: rect.x, baseline: rect.y + 6)
    let bar = Rect(x: rect.maxX - 84, y: rect.y + 1, width: 80, height: 5.5)
    let steps = 56, step = bar.width / Double(steps)
    let (low, high) = (scale.domain.lowerBound, scale.domain.upperBound)
    for index in 0..<steps {
      canvas.fill(
        Rect(
          x: bar.x + Double(index) * step, y: bar.y, width: step + (index < steps - 1 ? 0.3 : 0), height: bar.height),
        scale.colour(low + (high - low) * (Double(index) + 0.5) / Double(steps)))
    }
    canvas.stroke(bar, Palette.hairline, width: 0.4)
    for (value, words) in scale.ticks {
      let x = bar.x + bar.width * (value - low) / (high - low)
      let text = typesetter.shape(words, style.size(5.5))
      canvas.line(Point(x: x, y: bar.maxY), Point(x: x, y: bar.maxY + 1.5), Palette.muted, width: 0.4)
      canvas.draw(text, x: x - (text?.width ?? 0) / 2, baseline: bar.maxY + 7.5)
    }
  }
}
