package import Bytes
package import Evaluation

/// The main measures of a run, computed once, so that titles, captions and sentences agree.
package struct HeadlineMetrics: Sendable {
  /// The matrix over all posts with a true label.
  package let matrix: ConfusionMatrix
  package let metrics: ClassificationMetrics
  /// Draws for the measures' intervals; nil for too few posts or too many labels.
  package let bootstrap: ConfusionMatrixBootstrap?

  /// The most labels for a bootstrap, whose draws would take too much memory.
  package static let maximumLabels = 64
  /// The fewest posts for a bootstrap: with fewer, its intervals are too narrow.
  package static let fewPosts = 30

  /// Why a matrix has no intervals; nil if it has them.
  package static func missingIntervalsReason(_ matrix: ConfusionMatrix) -> String? {
    if matrix.total < fewPosts { return "fewer than \(fewPosts) posts" }
    return matrix.rows.count > maximumLabels ? "more than \(maximumLabels) labels" : nil
  }

  /// Nil without a post with a true label.
  package init?(_ outcome: Outcome) {
    guard outcome.labelled > 0, let part = outcome.evaluation[.all], part.matrix.total > 0 else { return nil }
    (matrix, metrics) = (part.matrix, part.metrics)
    bootstrap = Self.missingIntervalsReason(part.matrix) == nil ? ConfusionMatrixBootstrap(part.matrix) : nil
  }

  /// The accuracy with its bootstrap interval, or with Wilson's interval if there are few posts or if all or none are
  /// right.
  package var accuracy: Estimate {
    bootstrap?.interval { ConfusionMatrixSummary($0).accuracy }.map {
      Estimate(metrics.accuracy.value, $0, count: metrics.total)
    } ?? .share(matrix.right, of: metrics.total)
  }

  /// Macro-F1 with its interval; nil without an interval.
  package var macroF1: Estimate? {
    bootstrap?.interval { ConfusionMatrixSummary($0).macroF1 }.map {
      Estimate(metrics.macro.f1.value, $0, count: metrics.total)
    }
  }

  /// The most frequent true label and its share of the posts, which is the accuracy of always predicting it.
  package var commonest: (label: ByteText, share: Double)? {
    guard let label = metrics.labels.max(by: { $0.support < $1.support }) else { return nil }
    return (label.label, Double(label.support) / Double(max(metrics.total, 1)))
  }

  /// The labels with the highest and the lowest F1, and the difference between them; nil without intervals or with
  /// fewer than two of the model's labels among the truths. Since the pair was picked from all pairs of labels, the
  /// interval is widened for that number of comparisons (Bonferroni).
  package var extremes: (best: LabelMetrics, worst: LabelMetrics, difference: Estimate, comparisons: Int)? {
    let known = metrics.labels.enumerated().filter { $0.element.isKnown && $0.element.support > 0 }
    guard let bootstrap, known.count > 1,
      let best = known.max(by: { ($0.element.scores.f1.value, $1.offset) < ($1.element.scores.f1.value, $0.offset) }),
      let worst = known.min(by: { ($0.element.scores.f1.value, $1.offset) < ($1.element.scores.f1.value, $0.offset) }),
      best.offset != worst.offset
    else { return nil }
    let drawn = bootstrap.interval { drawn in
      let numbers = ConfusionMatrixSummary(drawn)
      return numbers.f1(best.offset) - numbers.f1(worst.offset)
    }
    guard let interval = drawn else { return nil }
    let difference = best.element.scores.f1.value - worst.element.scores.f1.value
    let comparisons = known.count * (known.count - 1) / 2
    return (
      best.element, worst.element,
      Estimate(difference, interval, count: metrics.total).widened(for: comparisons), comparisons
    )
  }
}

/// A measure of a confusion matrix that the report's table of metrics shows.
package struct HeadlineMeasure {
  package var name: String
  /// Whether it ranges from −1 to 1 instead of from 0 to 1.
  package var isSigned = false
  package var score: (ConfusionMatrix) -> Score
  /// The value of `score`, computed faster for the draws of a bootstrap.
  package var number: (ConfusionMatrix) -> Double

  /// The 95 % interval. If no draw changes the measure, accuracy has Wilson's interval and any other measure has none.
  package func interval(
    _ matrix: ConfusionMatrix, _ bootstrap: ConfusionMatrixBootstrap
  ) -> ConfusionMatrixBootstrap.Interval? {
    bootstrap.interval(of: number)
      ?? (isAccuracy ? ConfusionMatrixBootstrap.Interval(share: matrix.right, of: matrix.total) : nil)
  }

  /// Whether it is the accuracy, the only measure that is a share of all posts.
  package var isAccuracy: Bool { name == Self.accuracy }

  private static let accuracy = "accuracy"

  /// The most labels whose F1 is shown for each.
  private static let fewLabels = 6

  /// The measures for these labels, including the F1 of each label, or only of the positive label if one is given. The
  /// positive label is never guessed.
  package static func all(of labels: [ByteText], positive: ByteText?) -> [HeadlineMeasure] {
    var measures = [
      HeadlineMeasure(name: accuracy, score: { ClassificationMetrics($0).accuracy }) {
        ConfusionMatrixSummary($0).accuracy
      },
      HeadlineMeasure(name: "balanced accuracy", score: \.balancedAccuracy) {
        ConfusionMatrixSummary($0).balancedAccuracy
      },
      HeadlineMeasure(name: "macro F1", score: { ClassificationMetrics($0).macro.f1 }) {
        ConfusionMatrixSummary($0).macroF1
      },
      HeadlineMeasure(name: "weighted F1", score: { ClassificationMetrics($0).weighted.f1 }) {
        ConfusionMatrixSummary($0).weightedF1
      },
    ]
    for label in positive.map({ [$0] }) ?? (labels.count <= fewLabels ? labels : []) {
      measures.append(
        HeadlineMeasure(
          name: (positive == nil ? "F1 of " : "binary F1 of ")
            + "\u{201C}\(DisplayText.line(DisplayText.name(label), limit: 100))\u{201D}",
          score: {
            ClassificationMetrics($0, positive: label).binary?.scores.f1 ?? Score(value: 0, undefined: 1)
          }
        ) { matrix in matrix.rowIndex(of: label).map { ConfusionMatrixSummary(matrix).f1($0) } ?? 0 })
    }
    measures.append(
      HeadlineMeasure(name: "Matthews correlation (MCC)", isSigned: true, score: \.matthewsCorrelation) {
        ConfusionMatrixSummary($0).correlation
      })
    return measures
  }
}

/// The summary measures of a confusion matrix in a few passes over its counts, since a bootstrap computes thousands.
///
/// The values equal those of `ClassificationMetrics` and `ConfusionMatrix`; 0/0 is 0.
package struct ConfusionMatrixSummary {
  private var hits: [Double]
  private var truths: [Double]
  private var predicted: [Double]

  /// Sums up a matrix in O(rows · columns).
  package init(_ matrix: ConfusionMatrix) {
    let counts = matrix.counts, columns = counts.first?.count ?? 0
    hits = Array(repeating: 0, count: counts.count)
    (truths, predicted) = (hits, hits)
    for (row, line) in counts.enumerated() {
      for column in 0..<columns {
        let count = Double(line[column])
        truths[row] += count
        predicted[column] += count
      }
      if row < columns { hits[row] = Double(line[row]) }
    }
  }

  private var total: Double { truths.reduce(0, +) }

  package var accuracy: Double { total > 0 ? hits.reduce(0, +) / total : 0 }

  /// The mean recall of the labels that occur as truth.
  package var balancedAccuracy: Double {
    let recalls = truths.indices.filter { truths[$0] > 0 }.map { hits[$0] / truths[$0] }
    return recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }

  /// The mean F1 of the labels that occur.
  package var macroF1: Double {
    let scores = truths.indices.filter { truths[$0] + predicted[$0] > 0 }.map(f1)
    return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
  }

  /// The mean F1, each label weighted by its number of true posts.
  package var weightedF1: Double {
    total > 0 ? truths.indices.reduce(0) { $0 + truths[$1] * f1($1) } / total : 0
  }

  /// F1 of one row's label.
  package func f1(_ row: Int) -> Double {
    let both = truths[row] + predicted[row]
    return both > 0 ? 2 * hits[row] / both : 0
  }

  /// Matthews correlation, for any number of labels (Gorodkin 2004).
  package var correlation: Double {
    let n = total
    let (truthSquares, predictedSquares) = (Self.product(truths, truths), Self.product(predicted, predicted))
    let spread = ((n * n - truthSquares) * (n * n - predictedSquares)).squareRoot()
    return spread > 0 ? (hits.reduce(0, +) * n - Self.product(truths, predicted)) / spread : 0
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
