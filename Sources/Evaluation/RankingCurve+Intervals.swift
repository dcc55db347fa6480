extension RankingCurve {
  /// Where 95 % of the draws of both areas lie; the same as `clfa evaluate` prints of these scores.
  ///
  /// - Parameters:
  ///   - positives: the scores of the label's posts.
  ///   - negatives: the scores of all others.
  ///   - resampling: how posts are drawn anew.
  /// - Returns: The intervals of the area under the ROC curve and of the average precision, nil where undefined, and of under 30
  ///   posts.
  /// - Complexity: O(n · log n + draws · 1024).
  package static func intervals(
    positives: [Double], negatives: [Double], _ resampling: Resampling = Resampling()
  ) -> (area: MatrixBootstrap.Interval?, precision: MatrixBootstrap.Interval?) {
    guard !positives.isEmpty, positives.count + negatives.count >= MatrixMeasures.fewPosts else { return (nil, nil) }
    let scores = (positives + negatives).map(Float.init)
    let isLabel = positives.map { _ in true } + negatives.map { _ in false }
    let exact = RankingMetrics(scores: scores.map(Double.init), isLabel: isLabel)
    let intervals = RankingBootstrap(scores: scores, isLabel: isLabel).intervals(around: exact, resampling)
    return (exact.areaUnderROC.undefined == 0 ? intervals.area : nil, intervals.precision)
  }
}
