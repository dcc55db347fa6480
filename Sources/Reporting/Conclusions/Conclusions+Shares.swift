package import Bytes
import Evaluation
import Results

// The conclusions on the labels' shares, and on labels that are probably wrong.
extension Conclusions {
  /// The most labels whose shares are named in a sentence.
  private static let named = 3

  /// The labels' shares, estimated from a labelled sample; nil without one.
  package var shares: Conclusion? {
    guard let shares = data.shares, let drawn = shares.drawn else { return nil }
    let labelled = shares.whole.labelled
    guard labelled >= SliceTable.few else { return .fewLabels(labelled: labelled, sample: drawn.name) }
    let wanted = data.outcome.positive.map { positive in shares.whole.shares.filter { $0.label == positive } }
    let all = wanted.flatMap { $0.isEmpty ? nil : $0 } ?? shares.whole.shares
    let order = all.indices.sorted { (all[$1].value, $0) < (all[$0].value, $1) }
    let named = order.prefix(Self.named).compactMap { place in
      all[place].estimate(count: shares.whole.posts).map { Conclusion.Named(all[place].label.text, $0) }
    }
    guard !named.isEmpty else { return nil }
    return .shares(
      named, further: all.count - named.count, posts: shares.whole.posts, isDistinct: shares.reposts != nil,
      labelled: labelled, sample: drawn.design)
  }

  /// The accuracy over all posts; nil if the labelled posts alone say the same.
  package var sampleAccuracy: Conclusion? {
    data.sampleAccuracy.map {
      .sampleAccuracy(
        Estimate(value: $0.share.value, low: $0.share.low, high: $0.share.high, count: $0.labelled),
        scored: data.outcome.posts, sample: $0.design)
    }
  }

  /// The two months between which the share of one of the drawn labels differs most.
  package func months(_ labels: [ByteText]) -> Conclusion? {
    guard let months = data.months?.months else { return nil }
    guard months.contains(where: { !$0.shares.isEmpty }) else { return .predictionsByMonth }
    let enough = months.filter { $0.labelled >= SliceTable.few }
    guard enough.count > 1 else { return .fewMonths(few: SliceTable.few) }
    // With two labels, one share is 1 less the other.
    let comparisons = enough.count * (enough.count - 1) / 2 * (labels.count > 2 ? labels.count : 1)
    let extremes = labels.compactMap {
      label -> (label: ByteText, highest: Conclusion.Named, lowest: Conclusion.Named)? in
      let shares = enough.compactMap { month in
        month.shares.first { $0.label == label }?.estimate(count: month.labelled).map {
          Conclusion.Named(month.name, $0)
        }
      }
      guard let highest = shares.max(by: { $0.estimate.value < $1.estimate.value }),
        let lowest = shares.min(by: { $0.estimate.value < $1.estimate.value })
      else { return nil }
      return (label, highest, lowest)
    }
    func distance(_ found: (label: ByteText, highest: Conclusion.Named, lowest: Conclusion.Named)) -> Double {
      found.highest.estimate.value - found.lowest.estimate.value
    }
    // Of two mirrored labels the first is named, whatever the last digits say.
    guard let largest = extremes.map(distance).max(),
      let found = extremes.first(where: { distance($0) >= largest - 1e-9 })
    else { return nil }
    return .months(
      label: found.label.text, highest: found.highest, lowest: found.lowest,
      difference: found.highest.estimate.widened(for: comparisons).less(
        found.lowest.estimate.widened(for: comparisons)), comparisons: comparisons)
  }

  /// How many true labels are probably wrong; nil if they were not looked at.
  package var doubts: Conclusion? {
    data.shown.doubts.map { .doubts(found: $0.found, labelled: $0.labelled) }
  }
}

extension EstimatedShare {
  /// The share of some posts with its interval; nil without one.
  func estimate(count: Int) -> Estimate? {
    interval.map { Estimate(value: value, low: $0.low, high: $0.high, count: count) }
  }
}

extension Conclusion {
  static func shares(
    _ shares: [Named], _ further: Int, _ posts: Int, _ isDistinct: Bool, _ labelled: Int, _ sample: String
  ) -> String {
    let all = "all \(Format.count(posts)) scored posts" + (isDistinct ? ", one of each group of reposts," : "")
    let parts = shares.enumerated().map { place, share in
      let interval = percents(share.estimate)
      return place == 0
        ? "\(percent(share.estimate.value)) of \(all) are \(quoted(share.name)) (95 % interval \(interval))"
        : "\(percent(share.estimate.value)) \(quoted(share.name)) (\(interval))"
    }
    let list =
      parts.count < 3
      ? parts.joined(separator: " and ")
      : parts.dropLast().joined(separator: ", ") + " and " + (parts.last ?? "")
    let rest =
      further == 0 ? "" : "; \(Format.count(further, "other label is", "other labels are")) less frequent"
    return
      "An estimated \(list)\(rest). The predictions were corrected by the \(Format.count(labelled)) labelled posts of a "
      + "\(sample) sample."
  }

  static func months(
    _ label: String, _ highest: Named, _ lowest: Named, _ difference: Estimate, _ comparisons: Int
  ) -> String {
    let more = comparisons > 1 ? ", widened for \(Format.count(comparisons)) comparisons" : ""
    let range =
      "\(percent(highest.estimate.value)) in \(highest.name) and \(percent(lowest.estimate.value)) in \(lowest.name)"
    return difference.holds(0)
      ? "The share of \(quoted(label)) does not clearly differ between months: at most \(range) "
        + "(\(bracketedPoints(difference))\(more))."
      : "The share of \(quoted(label)) was \(range), a difference of \(points(difference, more))."
  }
}
