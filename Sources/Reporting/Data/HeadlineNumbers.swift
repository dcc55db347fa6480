package import Evaluation

/// What a run's confusion matrix comes to, computed once, so that title, caption and sentence cannot disagree.
package struct HeadlineNumbers: Sendable {
  /// The matrix of all posts with a true label.
  package let matrix: ConfusionMatrix
  /// What it says.
  package let metrics: ClassificationMetrics
  /// What chance makes of it; nil where there are too few posts or too many labels.
  let bootstrap: MatrixBootstrap?

  /// The numbers of a run; nil without a post with a true label.
  package init?(_ outcome: Outcome) {
    guard outcome.labelled > 0, let part = outcome.evaluation[.all], part.matrix.total > 0 else { return nil }
    (matrix, metrics) = (part.matrix, part.metrics)
    bootstrap = HeadlineBlock.whyNoIntervals(part.matrix) == nil ? MatrixBootstrap(part.matrix) : nil
  }

  /// The share of posts that are right: with the bootstrap's interval; of few posts, and where all or none are right, with
  /// Wilson's.
  package var accuracy: Estimate {
    bootstrap?.interval { MatrixNumbers($0).accuracy }.map {
      Estimate(metrics.accuracy.value, $0, count: metrics.total)
    } ?? .share(matrix.right, of: metrics.total)
  }

  /// The plain mean of the labels' F1; nil where it has no interval.
  package var macroF1: Estimate? {
    bootstrap?.interval { MatrixNumbers($0).macroF1 }.map {
      Estimate(metrics.macro.f1.value, $0, count: metrics.total)
    }
  }

  /// The label that is true of most posts, and its share of them: what always naming it would reach.
  package var commonest: (label: String, share: Double)? {
    guard let label = metrics.labels.max(by: { $0.support < $1.support }) else { return nil }
    return (label.label, Double(label.support) / Double(max(metrics.total, 1)))
  }

  /// F1 of the label with the highest and of that with the lowest, and how far both lie apart; nil where there are not
  /// two of the model's labels with true posts, or no intervals. Since both are picked among all pairs of labels, the
  /// interval is widened for as many comparisons.
  package var extremes: (best: LabelMetrics, worst: LabelMetrics, difference: Estimate, comparisons: Int)? {
    let known = metrics.labels.enumerated().filter { $0.element.isKnown && $0.element.support > 0 }
    guard let bootstrap, known.count > 1,
      let best = known.max(by: { ($0.element.scores.f1.value, $1.offset) < ($1.element.scores.f1.value, $0.offset) }),
      let worst = known.min(by: { ($0.element.scores.f1.value, $1.offset) < ($1.element.scores.f1.value, $0.offset) }),
      best.offset != worst.offset
    else { return nil }
    let drawn = bootstrap.interval { drawn in
      let numbers = MatrixNumbers(drawn)
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
