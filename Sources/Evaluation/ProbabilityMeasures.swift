import Bytes
internal import Glibc

/// Measures of probabilities beyond the label they choose: how well they rank posts, and how well they are calibrated.
package enum ProbabilityMeasures {
  /// The measures of some posts, given by index. Posts without probabilities are left out; empty if no post is left.
  ///
  /// `auc` and `average_precision` compare each label with the rest; `macro_auc` and `macro_average_precision` are
  /// their means over labels with at least one post of the label and one other. `brier` is the mean of Σ (p − y)² over
  /// labels, from 0 to 2; `log_loss` is the mean of −ln p of the truth; `calibration_error` is the expected calibration
  /// error (ECE) of ``ReliabilityDiagram``.
  package static func list(
    _ posts: LabelledPosts, _ chosen: [Int32], slice: String, resampling: BootstrapOptions
  ) -> [Measure] {
    let width = posts.labels.count
    let known = chosen.filter { post in
      let start = Int(post) * width
      return !posts.probabilities[start..<start + width].contains(where: \.isNaN)
    }
    guard !known.isEmpty, width > 0 else { return [] }
    let resampling = known.count < ConfusionMatrixMeasures.fewPosts ? BootstrapOptions(draws: 0) : resampling
    return ranking(posts, known, slice, resampling) + calibration(posts, known, slice, resampling)
  }

  private static func ranking(
    _ posts: LabelledPosts, _ known: [Int32], _ slice: String, _ resampling: BootstrapOptions
  ) -> [Measure] {
    let width = posts.labels.count
    var measures: [Measure] = [], areas: [Double] = [], precisions: [Double] = []
    for (place, label) in posts.labels.enumerated() {
      let scores = known.map { posts.probabilities[Int($0) * width + place] }
      let isLabel = known.map { posts.truths[Int($0)] == Int32(place) }
      let exact = RankingMetrics(scores: scores.map(Double.init), isLabel: isLabel)
      let intervals =
        resampling.draws > 0 && width <= ConfusionMatrixMeasures.maximumLabels
        ? RankingBootstrap(scores: scores, isLabel: isLabel).intervals(around: exact, resampling) : (nil, nil)
      let isDefined = exact.areaUnderROC.undefined == 0
      measures.append(
        Measure(
          name: "auc", label: label, slice: slice, score: exact.areaUnderROC, interval: isDefined ? intervals.0 : nil,
          count: known.count))
      measures.append(
        Measure(
          name: "average_precision", label: label, slice: slice, score: exact.averagePrecision,
          interval: exact.averagePrecision.undefined == 0 ? intervals.1 : nil, count: known.count))
      if isDefined {
        areas.append(exact.areaUnderROC.value)
        precisions.append(exact.averagePrecision.value)
      }
    }
    func mean(_ name: String, _ values: [Double]) -> Measure {
      let score =
        values.isEmpty
        ? Score(value: 0, undefined: 1) : Score(value: values.reduce(0, +) / Double(values.count))
      return Measure(name: name, slice: slice, score: score, count: known.count)
    }
    return measures + [mean("macro_auc", areas), mean("macro_average_precision", precisions)]
  }

  private static func calibration(
    _ posts: LabelledPosts, _ known: [Int32], _ slice: String, _ resampling: BootstrapOptions
  ) -> [Measure] {
    var reliability = ReliabilityDiagram(), brier = Moments(), loss = Moments()
    for post in known {
      let row = posts.row(Int(post)), truth = Int(posts.truths[Int(post)]), best = LabelledPosts.likeliest(row)
      reliability.add(confidence: row[best], isRight: best == truth)
      brier.add(squaredError(row, truth: truth))
      loss.add(logLoss(row, truth: truth))
    }
    func measure(_ name: String, _ moments: Moments) -> Measure {
      Measure(
        name: name, slice: slice, score: Score(value: moments.mean),
        interval: resampling.draws > 0 ? moments.interval : nil, count: known.count)
    }
    let error = Measure(
      name: "calibration_error", slice: slice, score: Score(value: reliability.expectedCalibrationError ?? 0),
      interval: resampling.draws > 0 ? interval(reliability, resampling) : nil, count: known.count)
    return [measure("brier", brier), measure("log_loss", loss), error]
  }

  /// Σ (p − y)² over the labels; for a truth that the model does not know, (0 − 1)² is added.
  static func squaredError(_ row: [Double], truth: Int) -> Double {
    row.enumerated().reduce(truth < row.count ? 0 : 1) { sum, label in
      let distance = label.element - (label.offset == truth ? 1 : 0)
      return sum + distance * distance
    }
  }

  /// −ln p of the truth, which is finite even if p is 0.
  static func logLoss(_ row: [Double], truth: Int) -> Double {
    -log(max(truth < row.count ? row[truth] : 0, .ulpOfOne))
  }

  /// The interval of the ECE, by resampling its bins. Resampling adds noise to every bin, so the interval is slightly
  /// too high if the error is small.
  private static func interval(_ reliability: ReliabilityDiagram, _ resampling: BootstrapOptions)
    -> ConfusionMatrixBootstrap.Interval?
  {
    var random = SeededGenerator(seed: resampling.seed)
    let errors = (0..<resampling.draws).map { _ in
      var total = 0.0, error = 0.0
      for bin in reliability.bins where bin.count > 0 {
        let right = random.poisson(bin.right), count = right + random.poisson(bin.count - bin.right)
        total += count
        error += abs(right - count * bin.sum / Double(bin.count))
      }
      return total > 0 ? error / total : 0
    }
    return ConfusionMatrixBootstrap.interval(of: errors)
  }

  /// A mean and its normal 95 % interval.
  private struct Moments {
    private var count = 0.0
    private(set) var mean = 0.0
    private var squares = 0.0

    /// Welford's algorithm (1962).
    mutating func add(_ value: Double) {
      count += 1
      let step = value - mean
      mean += step / count
      squares += step * (value - mean)
    }

    var interval: ConfusionMatrixBootstrap.Interval? {
      guard count > 1 else { return nil }
      let half = 1.959963984540054 * (squares / (count - 1) / count).squareRoot()
      // If all posts are equal, they cannot show the variation.
      guard half > ConfusionMatrixBootstrap.Interval.leastWidth else { return nil }
      return ConfusionMatrixBootstrap.Interval(low: max(0, mean - half), high: mean + half)
    }
  }
}
