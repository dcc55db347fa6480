/// A decision rule fitted to labelled posts, and what such rules gain on posts held out.
package struct CalibrationFit: Equatable, Sendable {
  /// The rule of all posts.
  package let rule: DecisionRule
  /// The gains on posts held out.
  package let gains: [DecisionRule.Gain]

  /// The fewest posts that a rule is fitted to, and of how many each of two labels must be.
  package static let fewest = (posts: 50, ofALabel: 10)

  /// Fits a temperature, and of two labels a threshold.
  ///
  /// - Parameters:
  ///   - posts: labelled posts with probabilities.
  ///   - positive: with two labels, the place of the one whose F1 its threshold is to raise; nil for no threshold.
  /// - Throws: `tooFew` for posts that a rule would only learn by heart; `noProbabilities`.
  package init(_ posts: LabelledPosts, positive: Int?) throws(CalibrationError) {
    guard posts.probabilities.contains(where: { !$0.isNaN }) else { throw .noProbabilities }
    var counts = [Int](repeating: 0, count: posts.labels.count)
    for truth in posts.truths where Int(truth) < counts.count { counts[Int(truth)] += 1 }
    let total = counts.reduce(0, +), common = counts.count { $0 >= Self.fewest.ofALabel }
    guard total >= Self.fewest.posts, common >= 2 else { throw .tooFew(posts: total, commonLabels: common) }
    (rule, gains) = DecisionRule.fit(posts, positive: positive)
  }
}

/// Why no rule is fitted to posts.
package enum CalibrationError: Error, Equatable, Sendable {
  /// No post has a probability.
  case noProbabilities
  /// So few posts have a true label that the model knows, and so few labels are those of enough of them.
  case tooFew(posts: Int, commonLabels: Int)
}

extension CalibrationError: CustomStringConvertible {
  /// The problem and what a fit requires.
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
