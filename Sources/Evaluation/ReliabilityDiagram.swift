/// How sure predictions are against how often they are right, bin by bin of confidence.
///
/// Bins are of equal width from 0 to 1, and each holds its upper end. Posts are counted one after another.
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
