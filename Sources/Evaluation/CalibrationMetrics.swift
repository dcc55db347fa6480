internal import Glibc

/// How far probabilities are from what happens.
package struct CalibrationMetrics: Equatable, Sendable {
  /// A bin of the reliability diagram.
  package struct Bin: Equatable, Sendable {
    /// The posts whose confidence lies in the bin.
    package var count = 0
    /// Their mean confidence.
    package var confidence = 0.0
    /// The share of them that is right.
    package var accuracy = 0.0
  }

  /// The bins, of equal width from 0 to 1; each holds its upper end.
  package let bins: [Bin]
  /// Σ |accuracy − confidence| of the bins, each weighted by its share of the posts (Guo et al. 2017, section 2).
  package let expectedCalibrationError: Double
  /// The mean over posts of Σ (p − y)² over labels, y being 1 for the truth and 0 elsewhere (Brier 1950): from 0 to 2.
  package let brier: Double
  /// The mean of −ln p of the truth; a probability of 0 counts as 2⁻⁵², as scikit-learn clips it.
  package let logLoss: Double

  /// Measures posts; without any, all is 0.
  ///
  /// - Parameters:
  ///   - probabilities: each post's, one a label.
  ///   - truths: each post's label, by its place; nil for a truth that is none of the labels.
  ///   - bins: how many.
  package init(probabilities: [[Double]], truths: [Int?], bins: Int = 15) {
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

/// How sure predictions are against how often they are right, bin by bin of confidence.
///
/// Bins are those of ``CalibrationMetrics``, which holds all probabilities at once; this counts one post after another.
package struct ReliabilityDiagram: Equatable, Sendable {
  /// The predictions whose confidence lies in a bin.
  package struct Bin: Equatable, Sendable {
    /// How many there are.
    package var count = 0
    /// How many of them are right.
    package var right = 0
    /// The sum of their confidences.
    package var sum = 0.0

    /// Their mean confidence; nil without any.
    package var confidence: Double? { count > 0 ? sum / Double(count) : nil }
    /// The share of them that is right; nil without any.
    package var accuracy: Double? { count > 0 ? Double(right) / Double(count) : nil }
  }

  /// The bins, of equal width from 0 to 1; each holds its upper end.
  package private(set) var bins: [Bin]

  /// Starts at nothing.
  package init(bins: Int = 15) {
    precondition(bins > 0, "there are bins")
    self.bins = Array(repeating: Bin(), count: bins)
  }

  /// Counts a prediction.
  package mutating func add(confidence: Double, isRight: Bool) {
    let place = min(max((confidence * Double(bins.count)).rounded(.up) - 1, 0), Double(bins.count - 1))
    let bin = place.isNaN ? 0 : Int(place)
    bins[bin].count += 1
    bins[bin].right += isRight ? 1 : 0
    bins[bin].sum += confidence
  }

  /// The predictions.
  package var total: Int { bins.reduce(0) { $0 + $1.count } }

  /// Σ |accuracy − confidence| of the bins, each weighted by its share of the predictions; nil without any.
  package var expectedCalibrationError: Double? {
    total > 0 ? bins.reduce(0) { $0 + abs(Double($1.right) - $1.sum) } / Double(total) : nil
  }

  /// The mean confidence less the share that is right: above 0 where predictions are surer than they are right; nil
  /// without any.
  package var overconfidence: Double? {
    total > 0 ? bins.reduce(0) { $0 + $1.sum - Double($1.right) } / Double(total) : nil
  }
}
