/// The ROC curve and the precision–recall curve over all thresholds on a label's probability, with their areas.
///
/// The posts above a threshold are those that score at least as much. The curves are those of scikit-learn's
/// `roc_curve` and `precision_recall_curve`, thinned: every kept point lies on the exact curve, and every dropped point
/// is within 1 / `resolution` of a kept one along the axis that only rises. Both areas are those of the exact curves,
/// as in ``RankingMetrics``.
package struct RankingCurve: Equatable, Sendable {
  /// A point of a curve; both coordinates are between 0 and 1.
  package struct Point: Equatable, Sendable {
    /// ROC: the false positive rate. Precision–recall: recall.
    package var x: Double
    /// ROC: the true positive rate. Precision–recall: precision.
    package var y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  /// The number of posts with the label.
  package let positives: Int
  /// The number of all other posts.
  package let negatives: Int
  /// From (0, 0) to (1, 1), straight between points; empty without positives or without negatives.
  package private(set) var roc: [Point] = []
  /// The points at which recall rises, in order of recall; empty without positives. Between two points the precision is
  /// that of the second, so the area under these steps is the average precision.
  package private(set) var precisionRecall: [Point] = []
  /// The area under the exact ROC curve; undefined without positives or without negatives.
  package private(set) var areaUnderROC = Score(value: 0, undefined: 1)
  /// The average precision; undefined without positives.
  package private(set) var averagePrecision = Score(value: 0, undefined: 1)

  /// The share of posts with the label, which is the precision of random scores.
  package var share: Double { Double(positives) / Double(max(positives + negatives, 1)) }

  /// Ranks posts.
  ///
  /// - Parameters:
  ///   - positives: the scores of the label's posts, in any order; finite.
  ///   - negatives: the scores of all others.
  ///   - resolution: the number of parts that an axis is divided into for thinning.
  /// - Complexity: O(n · log n) time; at most about 2 · `resolution` points of the ROC curve and 4 · `resolution` of the
  ///   other are kept.
  package init(positives: consuming [Double], negatives: consuming [Double], resolution: Int = 1000) {
    precondition(resolution > 0, "an axis has parts")
    positives.sort(by: >)
    negatives.sort(by: >)
    (self.positives, self.negatives) = (positives.count, negatives.count)
    var sweep = ThresholdSweepState(positives: positives.count, negatives: negatives.count, resolution: resolution)
    var above = 0, below = 0
    while above < positives.count || below < negatives.count {
      let score =
        above == positives.count
        ? negatives[below] : below == negatives.count ? positives[above] : max(positives[above], negatives[below])
      while above < positives.count, positives[above] == score { above += 1 }
      while below < negatives.count, negatives[below] == score { below += 1 }
      sweep.step(above: above, below: below)
    }
    if !positives.isEmpty, !negatives.isEmpty {
      roc = sweep.roc + (sweep.pending.map { [$0] } ?? [])
      areaUnderROC = Score(value: sweep.area / (Double(positives.count) * Double(negatives.count)))
    }
    if !positives.isEmpty {
      precisionRecall = sweep.precisionRecall.finish()
      averagePrecision = Score(value: min(sweep.precision, 1))
    }
  }
}

/// The state of a sweep over all thresholds, from the highest down.
private struct ThresholdSweepState {
  let positives: Int
  let negatives: Int
  let resolution: Double
  /// The kept points of the ROC curve.
  var roc = [RankingCurve.Point(x: 0, y: 0)]
  /// The last point of the ROC curve, kept only if the next one is too far from the last kept one.
  var pending: RankingCurve.Point?
  var precisionRecall: CurveThinning
  var area = 0.0
  var precision = 0.0
  private var before = (above: 0, below: 0)

  init(positives: Int, negatives: Int, resolution: Int) {
    (self.positives, self.negatives) = (positives, negatives)
    self.resolution = Double(resolution)
    precisionRecall = CurveThinning(resolution: resolution)
  }

  /// Moves to the threshold that `above` positives and `below` negatives reach.
  mutating func step(above: Int, below: Int) {
    let (gained, others) = (above - before.above, below - before.below)
    // Every positive of the step ranks above the negatives that follow and ties with those of the same step.
    area += Double(gained) * (Double(negatives - below) + Double(others) / 2)
    let taken = Double(above) / Double(above + below)
    if gained > 0 {
      precision += Double(gained) / Double(positives) * taken
      precisionRecall.add(RankingCurve.Point(x: Double(above) / Double(positives), y: taken))
    }
    if positives > 0, negatives > 0 {
      let point = RankingCurve.Point(x: Double(below) / Double(negatives), y: Double(above) / Double(positives))
      // Keep the previous point if this one is too far from the last kept one.
      if let pending, let last = roc.last,
        (point.x - last.x) * resolution > 1 || (point.y - last.y) * resolution > 1
      {
        roc.append(pending)
      }
      pending = point
    }
    before = (above, below)
  }
}

/// Keeps four points of each part of the x axis: the first, the lowest, the highest and the last.
private struct CurveThinning {
  private let resolution: Double
  private var kept: [RankingCurve.Point] = []
  private var stretch: (first: Place, least: Place, greatest: Place, last: Place)?
  private var count = 0

  private struct Place {
    var number: Int
    var point: RankingCurve.Point
  }

  init(resolution: Int) { self.resolution = Double(resolution) }

  /// Adds the next point; x never decreases.
  mutating func add(_ point: RankingCurve.Point) {
    let place = Place(number: count, point: point)
    count += 1
    guard var now = stretch, Int(now.first.point.x * resolution) == Int(point.x * resolution) else {
      close()
      stretch = (place, place, place, place)
      return
    }
    if point.y < now.least.point.y { now.least = place }
    if point.y > now.greatest.point.y { now.greatest = place }
    now.last = place
    stretch = now
  }

  mutating func finish() -> [RankingCurve.Point] {
    close()
    return kept
  }

  private mutating func close() {
    guard let stretch else { return }
    var last = -1
    let places = [stretch.first, stretch.least, stretch.greatest, stretch.last].sorted { $0.number < $1.number }
    for place in places where place.number > last {
      kept.append(place.point)
      last = place.number
    }
    self.stretch = nil
  }
}

/// How well a score ranks the posts with one label above all others.
///
/// The values are those of scikit-learn's `roc_auc_score` and `average_precision_score`, one label against the rest.
package struct RankingMetrics: Equatable, Sendable {
  /// The probability that a post with the label scores higher than another post, ties counting half; undefined if there
  /// are no posts with the label or no others.
  package let areaUnderROC: Score
  /// Σ (recallₙ − recallₙ₋₁) · precisionₙ over decreasing scores, equal scores together; undefined without a post with
  /// the label.
  package let averagePrecision: Score

  /// Ranks posts.
  ///
  /// - Parameters:
  ///   - scores: the label's probability of each post.
  ///   - isLabel: whether the label is the post's truth.
  ///   - weights: how much each post counts; nil if all count the same.
  /// - Complexity: O(n · log n).
  package init(scores: [Double], isLabel: [Bool], weights: [Double]? = nil) {
    precondition(scores.count == isLabel.count, "every score has a truth")
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var positives = 0.0, negatives = 0.0
    for place in isLabel.indices {
      if isLabel[place] { positives += weights?[place] ?? 1 } else { negatives += weights?[place] ?? 1 }
    }
    var above = 0.0, below = 0.0, area = 0.0, precision = 0.0, place = 0
    while place < order.count {
      var end = place, inGroup = 0.0, others = 0.0
      while end < order.count, scores[order[end]] == scores[order[place]] {
        if isLabel[order[end]] { inGroup += weights?[order[end]] ?? 1 } else { others += weights?[order[end]] ?? 1 }
        end += 1
      }
      // Every positive of the group ranks above the negatives that follow, and ties with those in the same step.
      area += inGroup * (negatives - below - others + others / 2)
      (above, below) = (above + inGroup, below + others)
      if positives > 0, above + below > 0 { precision += inGroup / positives * above / (above + below) }
      place = end
    }
    areaUnderROC =
      positives > 0 && negatives > 0 ? Score(value: area / (positives * negatives)) : Score(value: 0, undefined: 1)
    averagePrecision = positives > 0 ? Score(value: precision) : Score(value: 0, undefined: 1)
  }
}
