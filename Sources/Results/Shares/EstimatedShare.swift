package import Bytes
package import Evaluation

/// A label's share of some posts, by one method.
package struct EstimatedShare: Equatable, Sendable {
  /// How a share is found.
  package enum Method: String, CaseIterable, Sendable {
    /// Predictions for all posts, corrected by the labelled ones.
    case predictionPowered = "prediction-powered"
    /// The labelled posts alone, weighted by the design.
    case sample = "sample alone"
    /// The labelled posts, weighted by the predicted labels of all posts.
    case postStratified = "post-stratified"
    /// The predicted labels of all posts, adjusted by the errors in the labelled ones.
    case adjusted = "adjusted count"
    /// The predicted labels of all posts: no estimate, because the model's errors do not cancel out.
    case predicted = "predicted labels (not an estimate)"
  }

  package var label: ByteText
  package var method: Method
  /// The share, from 0 to 1.
  package var value: Double
  /// The 95 % interval; nil for predicted labels.
  package var interval: ConfusionMatrixBootstrap.Interval?
  /// The variance divided by that of a random sample of as many posts; nil without an interval or a spread.
  package var designEffect: Double?
  /// The number of further labels that would halve the interval; nil if the run has too few posts.
  package var labelsToHalve: Int?
  /// The power λ of the predictions; nil for other methods.
  package var power: Double?
}

/// Estimates the shares of all labels from the counts of a slice.
struct ShareEstimation {
  /// The labels by number.
  let labels: [ByteText]
  /// The number of labels that the model knows, the first ones.
  let known: Int
  /// Whether the posts were drawn from strata.
  let isStratified: Bool
  /// Whether shares are those of the source that the run is a random sample of.
  let ofSource: Bool

  /// The shares: label by label, and for each label method by method; only the first method without `hasAllMethods`.
  /// Nothing if no post is labelled.
  func shares(of cells: ShareCells, hasAllMethods: Bool) -> [EstimatedShare] {
    guard cells.labelled > 0 else { return [] }
    let adjusted =
      hasAllMethods
      ? AdjustedCount(predicted: cells.predicted, confusion: cells.confusion, labelled: cells.labelled) : nil
    let predicted = cells.predicted
    return labels.indices.flatMap { label -> [EstimatedShare] in
      let sample = cells.sample(label: label)
      func share(_ method: EstimatedShare.Method, _ estimate: ShareEstimate?, power: Double? = nil) -> EstimatedShare? {
        guard let estimate else { return nil }
        return EstimatedShare(
          label: labels[label], method: method, value: estimate.value,
          interval: ConfusionMatrixBootstrap.Interval(low: estimate.low, high: estimate.high),
          designEffect: designEffect(estimate, sample), labelsToHalve: sample.labelsToHalve, power: power)
      }
      let powered = ofSource ? sample.sourceShare : sample.predictionPowered
      var shares = [share(.predictionPowered, powered?.share, power: powered?.power)]
      guard hasAllMethods else { return shares.compactMap(\.self) }
      shares.append(share(.sample, sample.plain))
      if !isStratified { shares.append(share(.postStratified, cells.sampleByPrediction(label: label).postStratified)) }
      if label < known {
        shares.append(share(.adjusted, adjusted?.shares[label]))
        shares.append(
          EstimatedShare(
            label: labels[label], method: .predicted, value: Double(predicted[label]) / Double(max(1, cells.posts))))
      }
      return shares.compactMap(\.self)
    }
  }

  private func designEffect(_ estimate: ShareEstimate, _ sample: LabelledSample) -> Double? {
    let count = Double(sample.labelled), rest = 1 - count / Double(max(1, sample.population))
    let share = sample.plain?.value ?? estimate.value
    let variance = rest * share * (1 - share) / count
    return variance > 0 ? estimate.standardError * estimate.standardError / variance : nil
  }
}
