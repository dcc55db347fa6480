package import Bytes

/// One measure of some posts: its name, the label and the slice it refers to, the value and its interval.
package struct Measure: Equatable, Sendable {
  /// The name for machines, such as `macro_f1`.
  package var name: String
  /// The label that it refers to; empty for all labels.
  package var label: ByteText
  /// The posts that it refers to: `all`, `both_sides`, `without_picture`, `column=value`, `against RUN`.
  package var slice: String
  package var score: Score
  /// The 95 % interval; nil if it was not computed, or if no resample changes the value.
  package var interval: ConfusionMatrixBootstrap.Interval?
  /// The number of posts.
  package var count: Int

  package init(
    name: String, label: ByteText = "", slice: String, score: Score, interval: ConfusionMatrixBootstrap.Interval? = nil,
    count: Int
  ) {
    (self.name, self.label, self.slice) = (name, label, slice)
    (self.score, self.interval, self.count) = (score, interval, count)
  }
}

/// The settings of a bootstrap.
package struct BootstrapOptions: Equatable, Sendable {
  /// The number of draws; 0 for no intervals.
  package var draws: Int
  /// The seed of all random choices.
  package var seed: UInt64

  package init(draws: Int = 1000, seed: UInt64 = 2022) { (self.draws, self.seed) = (draws, seed) }
}

/// A condition on a measure, such as `macro_f1>=0.80` or `accuracy.low>0.7`.
package struct Requirement: Equatable, Sendable {
  package enum Comparison: String, CaseIterable, Sendable {
    case atLeast = ">="
    case atMost = "<="
    case above = ">"
    case below = "<"
  }

  /// The value, or an end of its interval.
  package enum Part: String, CaseIterable, Sendable {
    case value
    case low
    case high
  }

  /// The text as it was given.
  package let text: String
  /// The measure's name.
  package let measure: String
  /// The label, as in `f1[ironic]`; empty without one.
  package let label: ByteText
  package let part: Part
  package let comparison: Comparison
  /// The number on the right.
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
      label = ByteText(text[text.index(after: open)..<close])
      name = name[..<(name.firstIndex(of: "[") ?? name.endIndex)]
    } else {
      label = ""
    }
    guard !name.isEmpty else { return nil }
    (self.text, measure, self.part, comparison, self.bound) = (text, String(name), part, found.sign, bound)
  }

  /// The measure that it refers to, over all posts; nil if there is none, or several and no label is given.
  package func find(in measures: [Measure]) -> Measure? {
    let named = measures.filter { $0.slice == "all" && $0.name == measure }
    guard !label.isEmpty else { return named.count == 1 ? named[0] : nil }
    return named.first { $0.label == label }
  }

  /// Whether a measure meets it. An undefined value, or an end of a missing interval, never does.
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
