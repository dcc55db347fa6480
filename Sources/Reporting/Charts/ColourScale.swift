/// A fixed mapping from values to colours. It does not depend on the data, so reports can be compared.
package enum ColourScale: Sendable {
  /// Shares from 0 to 1: near white to dark accent.
  case share
  /// Cosines from −1 to 1: from the opposite of the accent over near white at 0 to the accent. Colours change faster
  /// near 0, where most cosines lie, as the legend shows.
  case cosine
  /// Shares of attention relative to an even share, as powers of two: −3 is an eighth of it, 3 is eight times as much.
  case evenShare

  /// The smallest and the largest value.
  package var domain: ClosedRange<Double> {
    switch self {
    case .share: 0...1
    case .cosine: -1...1
    case .evenShare: -3...3
    }
  }

  /// The values that a legend marks, with their labels.
  var ticks: [(value: Double, words: String)] {
    switch self {
    case .share: [(0, "0 %"), (0.25, "25 %"), (0.5, "50 %"), (0.75, "75 %"), (1, "100 %")]
    case .cosine: [(-1, "−1"), (-0.5, "−0.5"), (0, "0"), (0.5, "0.5"), (1, "1")]
    case .evenShare: [(-3, "⅛"), (-2, "¼"), (-1, "½"), (0, "1 ×"), (1, "2 ×"), (2, "4 ×"), (3, "8 ×")]
    }
  }

  /// The colour of a value; values outside the domain get the colours of its ends.
  package func colour(_ value: Double) -> Colour {
    let value = min(max(value, domain.lowerBound), domain.upperBound)
    switch self {
    case .share:
      return Self.interpolate(Self.shareStops, value)
    case .cosine:
      let strength = Colour.power(value.magnitude, 0.6)
      return Self.interpolate(value < 0 ? Self.negativeStops : Self.positiveStops, strength)
    case .evenShare:
      return Self.interpolate(value < 0 ? Self.negativeStops : Self.positiveStops, value.magnitude / 3)
    }
  }

  private static let shareStops = [0xF3F6FA, 0xCBDDEF, 0x8FB8DE, 0x4585C2, 0x15_5A9C, 0x0B_3A69].map {
    Colour(UInt32($0))
  }
  private static let positiveStops = [0xF7F7F6, 0xBBD4EB, 0x6FA4D4, 0x2A_6FB0, 0x0B_3A69].map {
    Colour(UInt32($0))
  }
  private static let negativeStops = [0xF7F7F6, 0xF3CFB3, 0xDE9A66, 0xB4_561A, 0x7A_3408].map {
    Colour(UInt32($0))
  }

  private static func interpolate(_ stops: [Colour], _ part: Double) -> Colour {
    let place = part * Double(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], place - Double(lower))
  }
}

/// A vertical colour bar with its marks.
struct VerticalScaleLegend {
  var scale: ColourScale
  var title: String

  func draw(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
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

  /// Draws the bar from left to right instead, with its marks below.
  func drawAcross(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
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

/// A horizontal colour bar with its marks below and its name at the left.
struct HorizontalScaleLegend {
  var scale: ColourScale
  var title: String

  /// The height of the bar and its marks, in points.
  static let height = 16.0

  func draw(_ canvas: PageCanvas, _ rect: Rect, _ typesetter: Typesetter) {
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
