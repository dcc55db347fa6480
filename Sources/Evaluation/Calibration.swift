/// A decision rule fitted to labelled posts, and its gains on held-out posts.
package struct CalibrationFit: Equatable, Sendable {
  /// The rule fitted to all posts.
  package let rule: DecisionRule
  /// The gains in cross-validation: each post is answered by a rule fitted without it.
  package let gains: [DecisionRule.Gain]

  /// The measures of held-out posts that got worse, of those that the fit is for: the log loss, and with a threshold
  /// the F1 of the positive label and of all labels.
  package var worse: [DecisionRule.Gain] {
    gains.filter { gain in
      switch gain.measure {
      case "log_loss": gain.after > gain.before
      case "binary_f1", "macro_f1": rule.thresholds != nil && gain.after < gain.before
      default: false
      }
    }
  }

  /// The fewest posts for a fit, and the fewest posts that at least two labels must each have.
  package static let fewest = (posts: 50, ofALabel: 10)

  /// Fits a temperature, and for two labels a threshold.
  ///
  /// - Parameters:
  ///   - posts: labelled posts with probabilities.
  ///   - positive: the index of the label whose F1 the threshold maximizes, for a model of two labels; nil for no
  ///     threshold.
  /// - Throws: `tooFew` if a rule would overfit the posts; `noProbabilities`.
  package init(_ posts: LabelledPosts, positive: Int?) throws(CalibrationError) {
    guard posts.probabilities.contains(where: { !$0.isNaN }) else { throw .noProbabilities }
    var counts = [Int](repeating: 0, count: posts.labels.count)
    for truth in posts.truths where Int(truth) < counts.count { counts[Int(truth)] += 1 }
    let total = counts.reduce(0, +), common = counts.count { $0 >= Self.fewest.ofALabel }
    guard total >= Self.fewest.posts, common >= 2 else { throw .tooFew(posts: total, commonLabels: common) }
    (rule, gains) = DecisionRule.fit(posts, positive: positive)
  }
}

/// The reasons why no rule can be fitted.
package enum CalibrationError: Error, Equatable, Sendable {
  /// No post has a probability.
  case noProbabilities
  /// The number of posts whose true label the model knows, and the number of labels with enough posts.
  case tooFew(posts: Int, commonLabels: Int)
}

extension CalibrationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noProbabilities: "no post has probabilities"
    case .tooFew(let posts, let labels):
      "\(posts) \(posts == 1 ? "post" : "posts") with a true label that the model knows, and "
        + "\(labels) \(labels == 1 ? "label" : "labels") with \(CalibrationFit.fewest.ofALabel) of them or more; a "
        + "calibration needs \(CalibrationFit.fewest.posts) posts and two such labels"
    }
  }
}
