internal import Glibc

/// Intervals of the area under the ROC curve and of the average precision, by resampling posts.
///
/// Each draw gives every post a weight from the Poisson distribution with mean 1, the limit of the bootstrap's weights
/// for many posts (Hanley and MacGibbon 2006). Posts of similar rank form at most ``groups`` groups, each treated as a
/// tie. The grouped values differ from the exact ones by less than 0.001, and only their spread is used.
struct RankingBootstrap {
  /// The most groups.
  static let groups = 1024

  /// For each group, from the highest scores down: the number of posts with the label and of others.
  private let counts: [(positives: Int, negatives: Int)]

  /// Groups posts by rank; `scores` and `isLabel` have one entry for each post.
  ///
  /// - Complexity: O(n · log n).
  init(scores: [Float], isLabel: [Bool]) {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    let size = Swift.max(1, (order.count + Self.groups - 1) / Self.groups)
    var counts: [(positives: Int, negatives: Int)] = [], place = 0
    while place < order.count {
      var group = (positives: 0, negatives: 0)
      let begin = place
      // Equal scores stay together.
      while place < order.count, place - begin < size || scores[order[place]] == scores[order[place - 1]] {
        if isLabel[order[place]] { group.positives += 1 } else { group.negatives += 1 }
        place += 1
      }
      counts.append(group)
    }
    self.counts = counts
  }

  /// The intervals around the exact values; nil if no draw changes them.
  ///
  /// - Complexity: O(draws · groups).
  func intervals(
    around exact: RankingMetrics, _ resampling: BootstrapOptions
  ) -> (area: ConfusionMatrixBootstrap.Interval?, precision: ConfusionMatrixBootstrap.Interval?) {
    var random = SeededGenerator(seed: resampling.seed)
    let own = Self.values(counts.map { (Double($0.positives), Double($0.negatives)) })
    var areas: [Double] = [], precisions: [Double] = []
    for _ in 0..<resampling.draws {
      let drawn = counts.map { (random.poisson($0.positives), random.poisson($0.negatives)) }
      let values = Self.values(drawn)
      if let area = values.area, let middle = own.area {
        areas.append(Swift.min(1, Swift.max(0, area - middle + exact.areaUnderROC.value)))
      }
      if let precision = values.precision, let middle = own.precision {
        precisions.append(Swift.min(1, Swift.max(0, precision - middle + exact.averagePrecision.value)))
      }
    }
    return (ConfusionMatrixBootstrap.interval(of: areas), ConfusionMatrixBootstrap.interval(of: precisions))
  }

  private static func values(_ groups: [(Double, Double)]) -> (area: Double?, precision: Double?) {
    let positives = groups.reduce(0) { $0 + $1.0 }, negatives = groups.reduce(0) { $0 + $1.1 }
    guard positives > 0 else { return (nil, nil) }
    var above = 0.0, below = 0.0, area = 0.0, precision = 0.0
    for (gained, others) in groups where gained + others > 0 {
      area += gained * (negatives - below - others + others / 2)
      (above, below) = (above + gained, below + others)
      precision += gained / positives * above / (above + below)
    }
    return (negatives > 0 ? area / (positives * negatives) : nil, precision)
  }
}

extension SeededGenerator {
  /// A draw from the Poisson distribution with mean `count`: exact up to 30, a rounded normal draw above that.
  mutating func poisson(_ count: Int) -> Double {
    guard count > 0 else { return 0 }
    let mean = Double(count)
    if count > 30 {
      // Box and Muller (1958).
      let normal = (-2 * log(1 - unit())).squareRoot() * cos(2 * .pi * unit())
      return Swift.max(0, (mean + normal * mean.squareRoot()).rounded())
    }
    // Knuth's algorithm: count uniform factors until their product is at most e^−mean.
    let limit = exp(-mean)
    var product = unit(), drawn = 0.0
    while product > limit {
      product *= unit()
      drawn += 1
    }
    return drawn
  }
}

extension RankingCurve {
  /// The 95 % intervals of both areas, as `clfa evaluate` prints them.
  ///
  /// - Parameters:
  ///   - positives: the scores of the label's posts.
  ///   - negatives: the scores of all others.
  ///   - resampling: the settings of the bootstrap.
  /// - Returns: The intervals of the area under the ROC curve and of the average precision, nil if undefined or for
  ///   fewer than 30 posts.
  /// - Complexity: O(n · log n + draws · 1024).
  package static func intervals(
    positives: [Double], negatives: [Double], _ resampling: BootstrapOptions = BootstrapOptions()
  ) -> (area: ConfusionMatrixBootstrap.Interval?, precision: ConfusionMatrixBootstrap.Interval?) {
    guard !positives.isEmpty, positives.count + negatives.count >= ConfusionMatrixMeasures.fewPosts else {
      return (nil, nil)
    }
    let scores = (positives + negatives).map(Float.init)
    let isLabel = positives.map { _ in true } + negatives.map { _ in false }
    let exact = RankingMetrics(scores: scores.map(Double.init), isLabel: isLabel)
    let intervals = RankingBootstrap(scores: scores, isLabel: isLabel).intervals(around: exact, resampling)
    return (exact.areaUnderROC.undefined == 0 ? intervals.area : nil, intervals.precision)
  }
}
