import Glibc

/// Calibration measures computed from all probabilities at once: a simple reference for `ReliabilityDiagram` and
/// `ProbabilityMeasures`.
struct CalibrationMetrics: Equatable, Sendable {
  /// A bin of the reliability diagram.
  struct Bin: Equatable, Sendable {
    /// The number of posts whose confidence is in the bin.
    var count = 0
    /// The mean confidence.
    var confidence = 0.0
    /// The accuracy.
    var accuracy = 0.0
  }

  /// The bins, of equal width from 0 to 1; each includes its upper end.
  let bins: [Bin]
  /// Σ |accuracy − confidence| of the bins, each weighted by its share of the posts (Guo et al. 2017, section 2).
  let expectedCalibrationError: Double
  /// The mean over posts of Σ (p − y)² over labels, y being 1 for the truth and 0 elsewhere (Brier 1950): from 0 to 2.
  let brier: Double
  /// The mean of −ln p of the truth; a probability of 0 counts as 2⁻⁵², as scikit-learn clips it.
  let logLoss: Double

  /// Measures posts; without any, all measures are 0.
  ///
  /// - Parameters:
  ///   - probabilities: the probabilities of each post, one for each label.
  ///   - truths: the index of each post's label; nil for a truth that is not one of the labels.
  ///   - bins: the number of bins.
  init(probabilities: [[Double]], truths: [Int?], bins: Int = 15) {
    precondition(probabilities.count == truths.count && bins > 0, "every post has a truth, and there are bins")
    let count = bins
    var bins = [Bin](repeating: Bin(), count: count), brier = 0.0, loss = 0.0
    for (row, truth) in zip(probabilities, truths) {
      guard let best = row.indices.max(by: { row[$0] < row[$1] }) else { continue }
      let confidence = row[best]
      let bin = min(max(Int((confidence * Double(count)).rounded(.up)) - 1, 0), count - 1)
      bins[bin].count += 1
      bins[bin].confidence += confidence
      if best == truth { bins[bin].accuracy += 1 }
      for (place, p) in row.enumerated() {
        let y = place == truth ? 1.0 : 0
        brier += (p - y) * (p - y)
      }
      if truth == nil { brier += 1 }
      loss -= log(max(truth.map { row[$0] } ?? 0, .ulpOfOne))
    }
    let total = Double(max(truths.count, 1))
    var error = 0.0
    for index in bins.indices where bins[index].count > 0 {
      error += abs(bins[index].accuracy - bins[index].confidence) / total
      bins[index].confidence /= Double(bins[index].count)
      bins[index].accuracy /= Double(bins[index].count)
    }
    (self.bins, expectedCalibrationError, self.brier, logLoss) = (bins, error, brier / total, loss / total)
  }
}
