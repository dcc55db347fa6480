/// Confidence against accuracy in bins of confidence: a reliability diagram (Guo et al. 2017, section 2).
package struct ReliabilityDiagram: Equatable, Sendable {
  /// The predictions whose confidence lies in a bin.
  package struct Bin: Equatable, Sendable {
    /// The number of predictions.
    package var count = 0
    /// The number of right predictions.
    package var right = 0
    /// The sum of the confidences.
    package var sum = 0.0

    /// The mean confidence; nil if the bin is empty.
    package var confidence: Double? { count > 0 ? sum / Double(count) : nil }
    /// The share of right predictions; nil if the bin is empty.
    package var accuracy: Double? { count > 0 ? Double(right) / Double(count) : nil }
  }

  /// The bins, of equal width from 0 to 1; each includes its upper end.
  package private(set) var bins: [Bin]

  package init(bins: Int = 15) {
    precondition(bins > 0, "there are bins")
    self.bins = Array(repeating: Bin(), count: bins)
  }

  /// Counts a prediction, or `count` of the same; a confidence outside 0…1 goes into the first or last bin.
  package mutating func add(confidence: Double, isRight: Bool, count: Int = 1) {
    let place = min(max((confidence * Double(bins.count)).rounded(.up) - 1, 0), Double(bins.count - 1))
    let bin = place.isNaN ? 0 : Int(place)
    bins[bin].count += count
    bins[bin].right += isRight ? count : 0
    bins[bin].sum += confidence * Double(count)
  }

  /// The number of predictions.
  package var total: Int { bins.reduce(0) { $0 + $1.count } }

  /// The ECE: Σ |accuracy − confidence| over the bins, each weighted by its share of the predictions; nil without
  /// predictions.
  package var expectedCalibrationError: Double? {
    total > 0 ? bins.reduce(0) { $0 + abs(Double($1.right) - $1.sum) } / Double(total) : nil
  }

  /// The mean confidence minus the accuracy: above 0 for overconfident predictions; nil without predictions.
  package var overconfidence: Double? {
    total > 0 ? bins.reduce(0) { $0 + $1.sum - Double($1.right) } / Double(total) : nil
  }
}
