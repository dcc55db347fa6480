import Glibc
import Results

/// Round numbers to mark on an axis: 1, 2 or 5 times a power of ten apart.
package struct AxisTicks: Equatable, Sendable {
  /// The range of the axis; never empty.
  package let range: ClosedRange<Double>
  /// The marks inside it, ascending.
  package let values: [Double]
  /// The power of ten of the marks' last digit.
  private let exponent: Int

  /// Chooses the marks for values from `lower` to `upper`.
  ///
  /// - Parameters:
  ///   - lower: The smallest value, within ±1e300.
  ///   - upper: The largest; if it equals the smallest, the range is widened on both sides.
  ///   - count: The approximate number of intervals between marks.
  ///   - isWhole: Whether only whole numbers are marked.
  ///   - isWidened: Whether the axis extends to the next marks at both ends, or ends with the values.
  package init(
    from lower: Double, to upper: Double, about count: Int = 4, isWhole: Bool = false, isWidened: Bool = true
  ) {
    var (lower, upper) = (min(lower, upper), max(lower, upper))
    // Values closer than this differ only by rounding noise.
    let largest = max(lower.magnitude, upper.magnitude)
    if upper - lower <= max(largest * 1e-9, 1e-190) {
      let room = isWhole ? max(0.5, largest * 1e-6) : largest < 1e-190 ? 0.5 : largest * 0.1
      (lower, upper) = (lower - room, upper + room)
    }
    let raw = (upper - lower) / Double(max(count, 1))
    var exponent = Int(floor(log10(raw)))
    let mantissa = raw / pow(10, Double(exponent))
    var factor = [1.0, 2, 5].first { mantissa <= $0 * (1 + 1e-9) } ?? 10
    if factor == 10 { (factor, exponent) = (1, exponent + 1) }
    if isWhole, exponent < 0 { (factor, exponent) = (1, 0) }
    // Divide by a power of ten instead of multiplying by one below 1: that gives 0.3, not 0.30000000000000004.
    func value(_ index: Double) -> Double {
      exponent < 0 ? index * factor / pow(10, Double(-exponent)) : index * factor * pow(10, Double(exponent))
    }
    let step = value(1)
    let (low, high) = (lower / step, upper / step)
    let first = isWidened ? floor(low + 1e-9) : ceil(low - 1e-9)
    let last = isWidened ? ceil(high - 1e-9) : floor(high + 1e-9)
    values = first <= last ? (0...Int(min(last - first, 100))).map { value(first + Double($0)) } : []
    range = isWidened ? min(value(first), lower)...max(value(last), upper) : lower...upper
    self.exponent = exponent
  }

  /// The marks as text, all with the same number of decimals.
  package var labels: [String] {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    let isPlain = largest < 1e6 && (exponent >= -4 || largest >= 0.01 && exponent >= -9)
    if isPlain { return values.map { Format.decimal($0, max(0, -exponent)) } }
    let power = largest > 0 ? Int(floor(log10(largest) + 1e-9)) : 0
    return values.map { value in
      guard value != 0 else { return "0" }
      return Format.decimal(value / pow(10, Double(power)), max(0, power - exponent)) + "·10" + Self.raised(power)
    }
  }

  private static func raised(_ power: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    return String(String(power).map { $0.wholeNumberValue.map { digits[$0] } ?? "⁻" })
  }
}

/// Chooses which marks of an axis have room for their labels.
package enum TickLabels {
  /// The smallest gap between two labels, in points.
  private static let gap = 3.0

  /// Chooses marks whose labels do not overlap: all of them, or every second, every third and so on, or only one.
  ///
  /// - Parameters:
  ///   - spans: where each label begins and ends on the axis, in order.
  ///   - anchor: the index of a mark that is always kept, such as that of 0.
  /// - Returns: The indexes of the marks with a label.
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

/// The labels of an axis, placed so that they neither overlap nor extend beyond the room for them.
struct AxisLabels {
  /// A label and where it begins.
  struct Label {
    var text: ShapedText?
    var x: Double
  }

  private(set) var labels: [Label] = []

  /// Centres labels on their marks, from left to right.
  ///
  /// - Parameters:
  ///   - ticks: the position of each mark, in points, and its text.
  ///   - room: the room for labels.
  ///   - typesetter: shapes the labels.
  ///   - style: the labels' style.
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

  func draw(_ canvas: PageCanvas, x: Double, baseline: Double) {
    for label in labels { canvas.draw(label.text, x: x + label.x, baseline: baseline) }
  }
}
