package import Bytes
package import Evaluation

/// The mean of a column of numbers in the posts of one label, by one method.
package struct EstimatedMean: Equatable, Sendable {
  /// How a mean is found.
  package enum Method: String, CaseIterable, Sendable {
    /// The numbers of all posts, whatever their label: nothing is estimated.
    case all = "all posts"
    /// Predictions for all posts, corrected by the labelled ones.
    case predictionPowered = "prediction-powered"
    /// The labelled posts alone, weighted by the design.
    case sample = "sample alone"
    /// The posts predicted as the label: no estimate, because the model's errors do not cancel out.
    case predicted = "predicted labels (not an estimate)"
  }

  /// Nil for all posts.
  package var label: ByteText?
  package var method: Method
  package var value: Double
  /// The 95 % interval; nil for predicted labels, and for the mean of all posts, which is known.
  package var interval: ConfusionMatrixBootstrap.Interval?
  /// The number of posts that have a number: of the labelled ones with this label, of those predicted as it, or of all.
  package var count: Int
  /// The variance divided by that of a random sample of as many labels, without predictions; nil without an interval.
  package var designEffect: Double?
  /// The number of further labels that would halve the interval; nil if the run has too few posts.
  package var labelsToHalve: Int?
}

extension ShareEstimation {
  /// The means: of all posts, then label by label and method by method; without `hasAllMethods`, of each label by the
  /// first method. Labels without a labelled post that has a number are left out.
  func means(of cells: ShareCells, hasAllMethods: Bool) -> [EstimatedMean] {
    let all = cells.numbers()
    guard all.posts > 0 else { return [] }
    let whole = EstimatedMean(method: .all, value: all.sum / Double(all.posts), count: all.posts)
    return [whole]
      + labels.indices.flatMap { label -> [EstimatedMean] in
        let sample = cells.meanSample(label: label), base = sample.simpleVariance
        func mean(_ method: EstimatedMean.Method, _ estimate: MeanEstimate?) -> EstimatedMean? {
          guard let estimate else { return nil }
          return EstimatedMean(
            label: labels[label], method: method, value: estimate.value,
            interval: ConfusionMatrixBootstrap.Interval(low: estimate.low, high: estimate.high), count: sample.count,
            designEffect: base.flatMap { $0 > 0 ? estimate.standardError * estimate.standardError / $0 : nil },
            labelsToHalve: sample.labelsToHalve)
        }
        var means = [mean(.predictionPowered, ofSource ? sample.sourceMean : sample.predictionPowered)]
        guard hasAllMethods else { return means.compactMap(\.self) }
        means.append(mean(.sample, ofSource ? sample.sourcePlain : sample.plain))
        let predicted = cells.numbers(predicted: label)
        if label < known, predicted.posts > 0 {
          means.append(
            EstimatedMean(
              label: labels[label], method: .predicted, value: predicted.sum / Double(predicted.posts),
              count: predicted.posts))
        }
        return means.compactMap(\.self)
      }
  }
}
