/// A number about some posts, with what it is about and how sure it is.
package struct Measure: Equatable, Sendable {
  /// Its name for machines, such as `macro_f1`.
  package var name: String
  /// The label it is about; empty where it is about all.
  package var label: String
  /// The posts it is about: `all`, `both_sides`, `without_picture`, `column=value`, `against RUN`.
  package var slice: String
  /// The value, and how many ratios under it were 0/0.
  package var score: Score
  /// The 95 % interval; nil if it was not computed, or if no resample changes the value.
  package var interval: ConfusionMatrixBootstrap.Interval?
  /// How many posts are under it.
  package var count: Int

  /// A measure.
  package init(
    name: String, label: String = "", slice: String, score: Score, interval: ConfusionMatrixBootstrap.Interval? = nil,
    count: Int
  ) {
    (self.name, self.label, self.slice) = (name, label, slice)
    (self.score, self.interval, self.count) = (score, interval, count)
  }
}

/// How intervals are drawn.
package struct BootstrapOptions: Equatable, Sendable {
  /// How often posts are drawn anew; 0 for no intervals.
  package var draws: Int
  /// The seed of all random choices.
  package var seed: UInt64

  /// The usual thousand draws.
  package init(draws: Int = 1000, seed: UInt64 = 2022) { (self.draws, self.seed) = (draws, seed) }
}

/// Something that a measure must reach, such as `macro_f1>=0.80` or `accuracy.low>0.7`.
package struct Requirement: Equatable, Sendable {
  /// How value and bound are compared.
  package enum Comparison: String, CaseIterable, Sendable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// Which number of a measure.
  package enum Part: String, CaseIterable, Sendable {
    case value
    case low
    case high
  }

  /// The text as it was given.
  package let text: String
  /// The measure's name.
  package let measure: String
  /// The label it is about, such as in `f1[ironic]`; empty where none is named.
  package let label: String
  /// The measure's own number, or an end of its interval.
  package let part: Part
  /// The comparison operator.
  package let comparison: Comparison
  /// With what.
  package let bound: Double

  /// Reads `NAME>=NUMBER`, `NAME[LABEL]<NUMBER`, `NAME.low>=NUMBER`; nil for any other text.
  package init?(_ text: String) {
    // Try the longer signs first: `>` is a prefix of `>=`.
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

  /// The measure of all posts that it is about; nil without one.
  package func find(in measures: [Measure]) -> Measure? {
    let named = measures.filter { $0.slice == "all" && $0.name.utf8.elementsEqual(measure.utf8) }
    guard !label.isEmpty else { return named.count == 1 ? named[0] : nil }
    return named.first { $0.label.utf8.elementsEqual(label.utf8) }
  }

  /// Whether a measure reaches it; never one that is undefined, or whose interval is wanted and not there.
  package func isMet(by measure: Measure) -> Bool {
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
