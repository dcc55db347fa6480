extension PairRetrieval {
  /// The measures of `clfa evaluate`: `alignment_auc` and `alignment_recall_at_1_of_N`, N being 100 pictures or all if
  /// there are fewer.
  package func measures(hasIntervals: Bool) -> [Measure] {
    let named = [("alignment_auc", area)] + first.map { ("alignment_recall_at_1_of_\($0.pictures)", $0.share) }
    return named.map { name, share in
      Measure(
        name: name, slice: "all", score: Score(value: share.value),
        interval: hasIntervals ? .init(low: share.low, high: share.high) : nil, count: share.count)
    }
  }
}
