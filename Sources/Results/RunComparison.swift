package import Bytes
package import Evaluation

/// The comparison of two runs on the posts that both scored.
package struct RunComparison: Equatable, Sendable {
  /// A post that both runs label differently.
  package struct Flip: Equatable, Sendable {
    /// The post's row in the store.
    package var post: Int64
    /// The post's key.
    package var key = ""
    /// The beginning of the text.
    package var text = ""
    /// The true label, if it is known.
    package var truth: ByteText?
    /// This run's prediction.
    package var own: Answer
    /// The other run's prediction.
    package var other: Answer
  }

  package struct Answer: Equatable, Sendable {
    package var label: ByteText
    /// Nil if the run's system gave none.
    package var confidence: Double?
  }

  /// The most examples of each kind.
  package static let examples = 8

  /// The other run's name.
  package var name: ByteText
  /// The name of the other run's store; nil if it is this store.
  package var store: String?
  /// The other run's model and precision, or the system whose predictions were imported.
  package var model: String
  /// Whether its predictions were imported from another system.
  package var isImported: Bool
  /// The labels of both models: this run's first, then the other's further labels.
  package var labels: [ByteText]
  /// Whether posts with the same key but different content also form pairs.
  package var isPairedByKey = false
  /// The number of pairs, the posts that both runs scored.
  package var common: Int
  /// Pairs whose text, knowledge or picture differ; 0 unless posts are paired by key.
  package var differing = 0
  /// Posts of this run that are in no pair although the other run has a post with the same key.
  package var keyOnly = 0
  /// Pairs with different content and different true labels. They are left out of all counts of right and wrong.
  package var differingTruths = 0
  /// The pairs in `differingTruths` whose predictions differ.
  package var undecidable = 0
  /// Posts that only this run scored.
  package var ownOnly: Int
  /// Posts that only the other run scored.
  package var otherOnly: Int
  /// `agreement[own][other]`: the number of posts with this run's label `own` and the other run's label `other`.
  package var agreement: [[Int]]
  /// The pairs with the same true label in both runs, by truth and both predictions; `first` is this run's.
  package var patterns: [PairedPatternBootstrap.Pattern]
  /// Posts that only this run gets right, those with the highest confidences first.
  package var ownRight: [Flip]
  /// Posts that only the other run gets right.
  package var otherRight: [Flip]
  /// Other posts with two different predictions: both are wrong, or the truth is unknown.
  package var undecided: [Flip]

  /// Whether there are pairs with a true label, and the predictions agree on all of them.
  package var agreesOnTruths: Bool {
    !patterns.isEmpty && patterns.allSatisfy { $0.first == $0.second }
  }

  /// The number of posts with two different predictions.
  package var changed: Int {
    agreement.enumerated().reduce(0) { sum, row in
      sum + row.element.enumerated().reduce(0) { $0 + ($1.offset == row.offset ? 0 : $1.element) }
    }
  }
}

extension ReportData {
  /// The number of posts in no pair that share their key, but not their content, with a post of the other run.
  package var postsOfSameKey: Int { charts.comparison?.keyOnly ?? 0 }

  /// The number of pairs with different true labels, which are left out of all counts of right and wrong.
  package var pairsOfOtherTruth: Int { charts.comparison?.differingTruths ?? 0 }

  /// The measures of the comparison; nil if nothing was compared.
  ///
  /// They are the number of pairs, of pairs with different content and with different true labels, of flips, of posts
  /// that only one run gets right, McNemar's p, and the differences in accuracy and macro-F1 (this run's minus the
  /// other's) with their paired intervals. There is no interval for fewer than 30 posts, if the runs agree on all
  /// posts, or if no draw changes the difference.
  package func comparisonNumbers(_ resampling: BootstrapOptions) -> [Measure]? {
    guard let comparison = charts.comparison else { return nil }
    let slice = "against \(comparison.store.map { "\($0):" } ?? "")\(comparison.name)"
    let labelled = comparison.patterns.reduce(0) { $0 + $1.count }
    func measure(
      _ name: String, _ value: Double, count: Int, interval: ConfusionMatrixBootstrap.Interval? = nil
    ) -> Measure {
      Measure(name: name, slice: slice, score: Score(value: value), interval: interval, count: count)
    }
    var numbers = [
      measure("posts_in_common", Double(comparison.common), count: comparison.common),
      measure("pairs_of_other_content", Double(comparison.differing), count: comparison.common),
      measure("pairs_of_other_truth", Double(comparison.differingTruths), count: comparison.common),
      measure("flips", Double(comparison.changed), count: comparison.common),
    ]
    guard labelled > 0 else { return numbers }
    func right(_ isOwn: Bool) -> Int {
      comparison.patterns.reduce(0) { sum, pattern in
        let (one, other) = isOwn ? (pattern.first, pattern.second) : (pattern.second, pattern.first)
        let isOnly = one == pattern.truth && other != pattern.truth
        return isOnly ? sum + pattern.count : sum
      }
    }
    let test = McNemar(firstOnly: right(true), secondOnly: right(false))
    numbers += [
      measure("right_here_only", Double(test.firstOnly), count: labelled),
      measure("right_there_only", Double(test.secondOnly), count: labelled),
      measure("mcnemar_p", test.p, count: labelled),
    ]
    let bootstrap = PairedPatternBootstrap(
      comparison.patterns, labels: comparison.labels, draws: resampling.draws, seed: resampling.seed)
    let measures: [(String, (ConfusionMatrix) -> Double)] = [
      ("accuracy_difference", { ClassificationMetrics($0).accuracy.value }),
      ("macro_f1_difference", { ClassificationMetrics($0).macro.f1.value }),
    ]
    for (name, value) in measures {
      let difference = bootstrap.difference(in: value)
      numbers.append(
        measure(
          name, difference.value, count: labelled,
          interval: resampling.draws > 0 && labelled >= HeadlineMetrics.fewPosts && !comparison.agreesOnTruths
            ? difference.interval : nil))
    }
    return numbers
  }
}
