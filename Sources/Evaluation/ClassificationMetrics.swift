package import Bytes

/// Precision, recall and F1 of one label, or a mean of them.
///
/// With tp, fp, fn counted for a label: precision = tp / (tp + fp), recall = tp / (tp + fn),
/// F1 = 2·tp / (2·tp + fp + fn).
package struct PrecisionRecallF1: Equatable, Sendable {
  /// The share of the posts predicted as this label that have it.
  package var precision: Score
  /// The share of the posts with this label that were predicted as it.
  package var recall: Score
  /// The harmonic mean of precision and recall.
  package var f1: Score
}

/// One label's metrics.
package struct LabelMetrics: Equatable, Sendable {
  package var label: ByteText
  /// Whether it is one of the model's labels; a truth the model does not know has recall 0.
  package var isKnown: Bool
  /// The number of posts with this true label.
  package var support: Int
  /// The number of posts predicted as this label.
  package var predicted: Int
  package var scores: PrecisionRecallF1
}

/// The measures of a confusion matrix.
///
/// The values are those of scikit-learn's `precision_recall_fscore_support` with `zero_division=0` and its default
/// label set: means run over every label that occurs as truth or as prediction.
package struct ClassificationMetrics: Equatable, Sendable {
  /// The number of posts with a truth and a prediction.
  package var total: Int
  /// The share of posts predicted right.
  package var accuracy: Score
  /// Each row's metrics, including labels that never occur.
  package var labels: [LabelMetrics]
  /// The scores of the positive label alone; `nil` unless there are two labels or one was named.
  package var binary: LabelMetrics?
  /// The plain mean over labels that occur.
  package var macro: PrecisionRecallF1
  /// The mean over labels that occur, each weighted by its support.
  package var weighted: PrecisionRecallF1

  /// Computes the metrics of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The counts.
  ///   - positive: The label that counts as positive. By default the second of two labels; with more labels there are
  ///     no binary scores. A label without a row has none either.
  /// - Complexity: O(rows · columns).
  package init(_ matrix: ConfusionMatrix, positive: ByteText? = nil) {
    let known = matrix.labels.count
    var right = 0
    let predicted = (0..<known).map { matrix.predicted(column: $0) }
    labels = matrix.rows.indices.map { row in
      let hits = row < known ? matrix.counts[row][row] : 0
      right += hits
      return LabelMetrics(
        label: matrix.rows[row], isKnown: row < known, hits: hits, support: matrix.support(row: row),
        predicted: row < known ? predicted[row] : 0)
    }
    total = matrix.total
    accuracy = Score(right, of: total)
    let occurring = labels.filter { $0.support + $0.predicted > 0 }
    macro = .mean(occurring, weights: occurring.map { _ in 1 })
    weighted = .mean(occurring, weights: occurring.map(\.support))
    let name = positive ?? (known == 2 ? matrix.labels.last : nil)
    binary = name.flatMap { matrix.rowIndex(of: $0) }.map { [labels] in labels[$0] }
  }
}

extension LabelMetrics {
  init(label: ByteText, isKnown: Bool, hits: Int, support: Int, predicted: Int) {
    self.init(
      label: label, isKnown: isKnown, support: support, predicted: predicted,
      scores: PrecisionRecallF1(
        precision: Score(hits, of: predicted), recall: Score(hits, of: support),
        f1: Score(2 * hits, of: support + predicted)))
  }
}

extension PrecisionRecallF1 {
  static func mean(_ labels: [LabelMetrics], weights: [Int]) -> PrecisionRecallF1 {
    PrecisionRecallF1(
      precision: .mean(labels.map(\.scores.precision), weights: weights),
      recall: .mean(labels.map(\.scores.recall), weights: weights),
      f1: .mean(labels.map(\.scores.f1), weights: weights))
  }
}

/// A metric's value, and how many of the ratios under it were 0/0.
///
/// As is usual, 0/0 counts as 0; `undefined` lets a reader see where that happened.
package struct Score: Equatable, Sendable {
  /// The value, between 0 and 1.
  package var value: Double
  /// How many ratios under this value were 0/0 and counted as 0.
  package var undefined: Int

  package init(value: Double, undefined: Int = 0) {
    self.value = value
    self.undefined = undefined
  }

  /// The ratio of two counts; 0/0 is 0 and noted as undefined.
  init(_ numerator: Int, of denominator: Int) {
    if denominator == 0 {
      self.init(value: 0, undefined: 1)
    } else {
      self.init(value: Double(numerator) / Double(denominator))
    }
  }
}

extension Score {
  /// The mean of scores under weights, Σ wᵢ·sᵢ / Σ wᵢ; 0 and undefined if the weights add up to 0.
  static func mean(_ scores: [Score], weights: [Int]) -> Score {
    let total = weights.reduce(0, +)
    let undefined = scores.reduce(0) { $0 + $1.undefined }
    guard total > 0 else { return Score(value: 0, undefined: max(undefined, 1)) }
    let sum = zip(scores, weights).reduce(0.0) { $0 + $1.0.value * Double($1.1) }
    return Score(value: sum / Double(total), undefined: undefined)
  }
}
