/// Which marks of an axis have room for their words.
package enum TickLabels {
  /// The least space between two words, in points.
  private static let gap = 3.0

  /// Chooses marks whose words stand apart: all of them, else every second, every third and so on, 0 among them where it
  /// is marked; else one.
  ///
  /// - Parameters:
  ///   - spans: where each mark's words begin and end on the axis, in the order of the axis.
  ///   - anchor: the mark that is kept whatever goes, such as 0.
  /// - Returns: The places of those that are written.
  package static func fitting(_ spans: [(low: Double, high: Double)], anchor: Int = 0) -> [Int] {
    guard spans.count > 1 else { return Array(spans.indices) }
    for step in 1..<spans.count {
      let chosen = Array(stride(from: anchor % step, to: spans.count, by: step))
      let fits = zip(chosen, chosen.dropFirst()).allSatisfy { spans[$1].low - spans[$0].high >= gap }
      if fits, chosen.count > 1 { return chosen }
    }
    let ends = [0, spans.count - 1]
    return spans[ends[1]].low - spans[0].high >= gap ? ends : [min(anchor, spans.count - 1)]
  }
}

/// The words of an axis' marks, set so that none overprints another or leaves the axis' room.
struct AxisLabels {
  /// A mark's words and where they begin.
  struct Label {
    var text: ShapedText?
    var x: Double
  }

  private(set) var labels: [Label] = []

  /// Sets words centred on their marks from left to right.
  ///
  /// - Parameters:
  ///   - ticks: where each mark lies, in points, with its words.
  ///   - room: where words may stand.
  ///   - typesetter: who shapes them.
  ///   - style: their type.
  init(
    _ ticks: [(place: Double, words: String)], room: ClosedRange<Double>, _ typesetter: Typesetter,
    style: TextStyle = .tiny
  ) {
    let all = ticks.sorted { $0.place < $1.place }.map { tick in
      let text = typesetter.shape(tick.words, style)
      let width = text?.width ?? 0
      let x = max(min(tick.place - width / 2, room.upperBound - width), room.lowerBound)
      return (Label(text: text, x: x), width, tick.words)
    }
    let chosen = TickLabels.fitting(
      all.map { ($0.0.x, $0.0.x + $0.1) }, anchor: all.firstIndex { $0.2 == "0" || $0.2 == "0 %" } ?? 0)
    labels = chosen.map { all[$0].0 }
  }

  func draw(_ canvas: PDFCanvas, x: Double, baseline: Double) {
    for label in labels { canvas.draw(label.text, x: x + label.x, baseline: baseline) }
  }
}
