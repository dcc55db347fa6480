/// How well a score ranks the posts of one label above all others.
///
/// The values are those of scikit-learn's `roc_auc_score` and `average_precision_score`, one label against the rest.
public struct RankingMetrics: Equatable, Sendable {
  /// The chance that a post of the label scores higher than one of the rest, ties counting half; undefined where
  /// either has none.
  public let areaUnderROC: Score
  /// Σ (recallₙ − recallₙ₋₁) · precisionₙ over falling scores, equal ones taken together; undefined without a post of
  /// the label.
  public let averagePrecision: Score

  /// Ranks posts.
  ///
  /// - Parameters:
  ///   - scores: the label's probability of each post.
  ///   - isLabel: whether the label is the post's truth.
  /// - Complexity: O(n · log n).
  public init(scores: [Double], isLabel: [Bool]) {
    precondition(scores.count == isLabel.count, "every score has a truth")
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    let positives = isLabel.count { $0 }, negatives = isLabel.count - positives
    var above = 0, below = 0, area = 0.0, precision = 0.0, place = 0
    while place < order.count {
      var end = place, inGroup = 0
      while end < order.count, scores[order[end]] == scores[order[place]] {
        if isLabel[order[end]] { inGroup += 1 }
        end += 1
      }
      let others = end - place - inGroup
      // Every positive of the group stands above the negatives that follow, and ties with those beside it.
      area += Double(inGroup) * (Double(negatives - below - others) + Double(others) / 2)
      (above, below) = (above + inGroup, below + others)
      if positives > 0 { precision += Double(inGroup) / Double(positives) * Double(above) / Double(above + below) }
      place = end
    }
    areaUnderROC =
      positives > 0 && negatives > 0
      ? Score(value: area / (Double(positives) * Double(negatives))) : Score(value: 0, undefined: 1)
    averagePrecision = positives > 0 ? Score(value: precision) : Score(value: 0, undefined: 1)
  }
}
