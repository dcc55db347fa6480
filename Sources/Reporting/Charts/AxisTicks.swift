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

  /// Finds marks for values from `lower` to `upper`.
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
    // Closer values than that are distinguished by their noise alone.
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
    // A power of ten below 1 is divided by, so that three tenths are 0.3 and not 0.30000000000000004.
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

  /// The marks in words, all with as many decimals as the finest needs.
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

/// Which marks of an axis have room for their words.
package enum TickLabels {
  /// The least space between two words, in points.
  private static let gap = 3.0

  /// Chooses marks whose words do not overlap: all of them, else every second, every third and so on, with 0 among them
  /// if it is marked; else one.
  ///
  /// - Parameters:
  ///   - spans: where each mark's words begin and end on the axis, in the order of the axis.
  ///   - anchor: the mark to keep in any case, such as 0.
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
  ///   - room: the room for words.
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

  func draw(_ canvas: PageCanvas, x: Double, baseline: Double) {
    for label in labels { canvas.draw(label.text, x: x + label.x, baseline: baseline) }
  }
}
