/// Something that a measure must reach, such as `macro_f1>=0.80` or `accuracy.low>0.7`.
public struct Requirement: Equatable, Sendable {
  /// How value and bound are compared.
  public enum Comparison: String, CaseIterable, Sendable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// Which number of a measure.
  public enum Part: String, CaseIterable, Sendable {
    case value
    case low
    case high
  }

  /// The text as it was given.
  public let text: String
  /// The measure's name.
  public let measure: String
  /// The label it is about, such as in `f1[ironic]`; empty where none is named.
  public let label: String
  /// The measure's own number, or an end of its interval.
  public let part: Part
  /// How it is compared.
  public let comparison: Comparison
  /// With what.
  public let bound: Double

  /// Reads `NAME>=NUMBER`, `NAME[LABEL]<NUMBER`, `NAME.low>=NUMBER`; nil where the text is none of these.
  public init?(_ text: String) {
    // The longer signs first: `>` stands in `>=`.
    let found = Comparison.allCases.compactMap { sign in
      text.firstRange(of: sign.rawValue).map { (range: $0, sign: sign) }
    }.min { ($0.range.lowerBound, -$0.sign.rawValue.count) < ($1.range.lowerBound, -$1.sign.rawValue.count) }
    guard let found, let bound = Double(text[found.range.upperBound...].filter { $0 != " " }), bound.isFinite else {
      return nil
    }
    var name = text[..<found.range.lowerBound].filter { $0 != " " }[...]
    var part = Part.value
    for ending in Part.allCases where name.hasSuffix("." + ending.rawValue) {
      name = name.dropLast(ending.rawValue.count + 1)
      part = ending
    }
    if name.hasSuffix("]"), let open = text.firstIndex(of: "["),
      let close = text[..<found.range.lowerBound].lastIndex(of: "]")
    {
      label = String(text[text.index(after: open)..<close])
      name = name[..<(name.firstIndex(of: "[") ?? name.endIndex)]
    } else {
      label = ""
    }
    guard !name.isEmpty else { return nil }
    (self.text, measure, self.part, comparison, self.bound) = (text, String(name), part, found.sign, bound)
  }

  /// The measure of all posts that it is about; nil where there is none.
  public func find(in measures: [Measure]) -> Measure? {
    let named = measures.filter { $0.slice == "all" && $0.name.utf8.elementsEqual(measure.utf8) }
    guard !label.isEmpty else { return named.count == 1 ? named[0] : nil }
    return named.first { $0.label.utf8.elementsEqual(label.utf8) }
  }

  /// Whether a measure reaches it; never one that is undefined, or whose interval is wanted and not there.
  public func isMet(by measure: Measure) -> Bool {
    let number: Double? =
      switch part {
      case .value: measure.score.value
      case .low: measure.interval?.low
      case .high: measure.interval?.high
      }
    guard let number, measure.score.undefined == 0 || part != .value || measure.score.value > 0 else { return false }
    return switch comparison {
    case .atLeast: number >= bound
    case .atMost: number <= bound
    case .above: number > bound
    case .below: number < bound
    }
  }
}
