import Evaluation
import Results

// Sentences on texts and pictures in the shared space.
extension Conclusion {
  static func similarity(
    _ mean: Estimate, _ highest: Named?, _ lowest: Named?, _ difference: Estimate?, _ isByTruth: Bool,
    _ comparisons: Int
  ) -> String {
    var words = "The text and picture of a post have a mean cosine of \(decimals(mean)) over \(posts(mean))."
    guard let highest, let lowest, let difference else { return words }
    let widened = comparisons > 1 ? ", widened for \(Format.count(comparisons)) comparisons" : ""
    let labels = isByTruth ? "true labels" : "predicted labels"
    let range =
      "\(Format.decimal(highest.estimate.value, 3)) for \(quoted(highest.name)), "
      + "\(Format.decimal(lowest.estimate.value, 3)) for \(quoted(lowest.name))"
    words +=
      difference.holds(0)
      ? " It does not clearly differ between \(labels) (\(range); difference \(bracketed(difference))\(widened))."
      : " It differs between \(labels): \(range), a difference of \(Format.decimal(difference.value, 3)) "
        + "(\(interval(difference))\(widened))."
    return words
  }

  static func gap(_ gap: Estimate) -> String {
    gap.holds(0)
      ? "Over \(posts(gap)), texts are not clearly closer to their own picture than to others (mean "
        + "difference of cosines \(bracketed(gap)))."
      : "Texts are \(gap.value > 0 ? "closer to" : "farther from") their own picture than \(gap.value > 0 ? "to" : "from") "
        + "others: the cosines differ by \(decimals(size(gap))) on average, over \(posts(gap))."
  }

  static func closer(_ share: Estimate) -> String {
    if share.holds(0.5) {
      return "A text is no closer to its own picture than to another: \(cases(share, chance: 0.5))."
    }
    if share.value > 0.5 {
      return "A text is closer to its own picture than to another picture in \(cases(share, chance: 0.5))."
    }
    let farther = Estimate(value: 1 - share.value, low: 1 - share.high, high: 1 - share.low, count: share.count)
    return "A text is farther from its own picture than from another picture in \(cases(farther, chance: 0.5))."
  }

  static func first(_ first: PairRetrieval.First) -> String {
    let (share, chance) = (first.share, first.chance), pictures = Format.count(first.pictures)
    if !share.holds(chance), share.value > chance {
      return "In \(cases(share, chance: chance)), a text's own picture comes first of \(pictures)."
    }
    return
      "A text's own picture comes first of \(pictures) \(share.holds(chance) ? "no more" : "less") often than by chance: "
      + "in \(cases(share, chance: chance))."
  }

  static func ownFirst(_ share: Estimate, _ found: Int) -> String {
    let words = "\(Format.count(found)) of \(Format.count(share.count, "text", "texts"))"
    let verb = found == 1 ? "ranks" : "rank"
    let chance = 1 / Double(share.count)
    return share.holds(chance)
      ? "\(words) \(verb) their own picture first: \(percent(share.value)) (95 % interval \(percents(share))), "
        + "not clearly different from chance (\(percent(chance)))."
      : "\(words) \(verb) their own picture first: \(percent(share.value)) (95 % interval \(percents(share)); "
        + "chance \(percent(chance)))."
  }

  /// The sides that have collapsed, their measures, and what to try.
  static func collapsed(_ geometry: SpaceGeometry) -> String {
    let sides = [("texts", geometry.texts), ("pictures", geometry.pictures)]
    let found = sides.compactMap { name, side -> String? in
      switch side.collapse {
      case .alike:
        "the vectors of \(name) are almost all alike (mean cosine of two \(name) "
          + "\(Format.decimal(side.meanCosine, 3)), over \(Format.count(side.count)); more than "
          + "\(Format.decimal(SpaceGeometry.Side.mostAlike, 1)) is too much)"
      case .fewDirections:
        "the vectors of \(name) vary in too few directions (effective rank \(Format.decimal(side.effectiveRank, 1)) of "
          + "\(Format.count(side.dimensions, "dimension", "dimensions")), over \(Format.count(side.count)); less than "
          + "\(Format.decimal(side.requiredRank, 1)) is too little)"
      case nil: nil
      }
    }
    return
      "The shared space has collapsed: \(found.joined(separator: ", and ")). Similarities say little then. Train again "
      + "with another temperature, larger batches, a lower learning rate, or a centred or whitened teacher."
  }

  /// `97.0 % of cases (95 %: 96.1–97.8 %; chance 50 %; 600 posts)`.
  private static func cases(_ share: Estimate, chance: Double) -> String {
    func number(_ share: Double) -> String { Format.decimal(share * 100, 1) }
    let hundred = chance * 100, isWhole = (hundred - hundred.rounded()).magnitude < 1e-9
    return "\(percent(share.value)) of cases (95 %: \(number(share.low))–\(number(share.high)) %; chance "
      + "\(Format.decimal(hundred, isWhole ? 0 : 1)) %; \(posts(share)))"
  }
}
