import Bytes

/// What the probabilities of weighted posts say: the measures of ``ProbabilityMeasures``, without their intervals.
struct ProbabilityScores {
  /// The posts with probabilities.
  let posts: [Int32]
  private let all: LabelledPosts
  private let hasIntervals: Bool
  /// For each label, the posts from the highest probability of it down, so that they are sorted once.
  private let orders: [[Int32]]

  init(_ all: LabelledPosts, _ chosen: [Int32], hasIntervals: Bool) {
    let width = all.labels.count
    posts = chosen.filter { post in
      width > 0 && !all.probabilities[Int(post) * width..<(Int(post) + 1) * width].contains(where: \.isNaN)
    }
    (self.all, self.hasIntervals) = (all, hasIntervals)
    orders = all.labels.indices.map { [posts] label in
      posts.sorted { all.probabilities[Int($0) * width + label] > all.probabilities[Int($1) * width + label] }
    }
  }

  /// The measures; none without posts.
  func measures(_ weights: [Double]) -> [(name: String, label: ByteText, score: Score)] {
    guard !posts.isEmpty else { return [] }
    var measures: [(name: String, label: ByteText, score: Score)] = [], defined: [RankingMetrics] = []
    for (place, label) in all.labels.enumerated() {
      let metrics = ranking(place, weights)
      measures.append(("auc", label, metrics.areaUnderROC))
      measures.append(("average_precision", label, metrics.averagePrecision))
      if metrics.areaUnderROC.undefined == 0 { defined.append(metrics) }
    }
    func mean(_ value: (RankingMetrics) -> Score) -> Score {
      defined.isEmpty ? Score(value: 0, undefined: 1) : Score(value: Moments.mean(defined.map { value($0).value }))
    }
    measures.append((Self.means[0], "", mean(\.areaUnderROC)))
    measures.append((Self.means[1], "", mean(\.averagePrecision)))
    return measures + calibration(weights)
  }

  /// The values of the measures in their order; NaN for one that has no interval or is undefined.
  func resampled(_ weights: [Double]) -> [Double] {
    measures(weights).map { measure in
      hasIntervals && measure.score.undefined == 0 && !Self.means.contains(measure.name) ? measure.score.value : .nan
    }
  }

  /// Means over labels, which have no interval.
  private static let means = ["macro_auc", "macro_average_precision"]

  private func ranking(_ label: Int, _ weights: [Double]) -> RankingMetrics {
    let width = all.labels.count
    return RankingMetrics(
      scores: orders[label].map { Double(all.probabilities[Int($0) * width + label]) },
      isLabel: orders[label].map { all.truths[Int($0)] == Int32(label) },
      weights: orders[label].map { weights[Int($0)] })
  }

  private func calibration(_ weights: [Double]) -> [(name: String, label: ByteText, score: Score)] {
    var brier = 0.0, loss = 0.0, total = 0.0
    var bins = ReliabilityDiagram()
    for post in posts {
      let row = all.row(Int(post)), truth = Int(all.truths[Int(post)]), best = LabelledPosts.likeliest(row)
      let weight = weights[Int(post)]
      total += weight
      brier += weight * ProbabilityMeasures.squaredError(row, truth: truth)
      loss += weight * ProbabilityMeasures.logLoss(row, truth: truth)
      bins.add(confidence: row[best], isRight: best == truth, count: Int((weight * 1e9).rounded()))
    }
    return [
      ("brier", "", Score(value: brier / total)), ("log_loss", "", Score(value: loss / total)),
      ("calibration_error", "", Score(value: bins.expectedCalibrationError ?? .nan)),
    ]
  }
}
