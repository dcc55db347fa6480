import Bytes
package import Evaluation

/// The comparison of two runs, over the posts that both scored.
package struct RunComparison: Equatable, Sendable {
  /// A post that both runs label differently.
  package struct Flip: Equatable, Sendable {
    /// The post's row in the store.
    package var post: Int64
    /// Its key.
    package var key = ""
    /// The beginning of its text.
    package var text = ""
    /// The true label, where it is known.
    package var truth: String?
    /// This run's prediction.
    package var own: Answer
    /// The other run's prediction.
    package var other: Answer
  }

  /// A label, and how surely it is given.
  package struct Answer: Equatable, Sendable {
    package var label: String
    /// The label's confidence; nil if the run's system gave none.
    package var confidence: Double?
  }

  /// The most examples of a kind.
  package static let examples = 8

  /// The other run's name.
  package var name: String
  /// The store it is in, where that is another one.
  package var store: String?
  /// The model that scored it and its precision, or the system whose predictions were imported.
  package var model: String
  /// Whether another system made its predictions.
  package var isImported: Bool
  /// The labels of both models: this run's, then what the other one knows beyond them.
  package var labels: [String]
  /// Whether posts with the same key are pairs, too, even if their content differs.
  package var isPairedByKey = false
  /// Pairs: posts that both scored.
  package var common: Int
  /// Pairs whose text, knowledge or picture differ; none where only the same posts are pairs.
  package var differing = 0
  /// Posts of this run whose key the other run has with other content, and which are in no pair.
  package var keyOnly = 0
  /// Pairs of other content whose true labels differ. No count of right and wrong has them.
  package var differingTruths = 0
  /// Those of them with two labels.
  package var undecidable = 0
  /// Scored posts of this run alone.
  package var ownOnly: Int
  /// Scored posts of the other alone.
  package var otherOnly: Int
  /// `agreement[own][other]`: posts that this run gives one label and the other one gives another.
  package var agreement: [[Int]]
  /// The pairs with one true label for both runs, by truth and both labels: `first` is this run's.
  package var patterns: [PairedPatternBootstrap.Pattern]
  /// Posts that only this run has right, the surest of both runs first.
  package var ownRight: [Flip]
  /// Posts that only the other has right.
  package var otherRight: [Flip]
  /// Other posts with two labels: both wrong, or the truth is unknown.
  package var undecided: [Flip]

  /// Whether there are pairs with a true label, and both runs label all of these alike.
  package var agreesOnTruths: Bool {
    !patterns.isEmpty && patterns.allSatisfy { $0.first.utf8.elementsEqual($0.second.utf8) }
  }

  /// Posts with two labels.
  package var changed: Int {
    agreement.enumerated().reduce(0) { sum, row in
      sum + row.element.enumerated().reduce(0) { $0 + ($1.offset == row.offset ? 0 : $1.element) }
    }
  }
}

extension ReportData {
  /// How many posts of the run share their key, but not their content, with a post of the run it was compared with, and
  /// are in no pair.
  package var postsOfSameKey: Int { charts.comparison?.keyOnly ?? 0 }

  /// How many pairs of posts of one key have different true labels, and are left out of right and wrong.
  package var pairsOfOtherTruth: Int { charts.comparison?.differingTruths ?? 0 }

  /// The measures of the comparison over the posts that both runs scored; nil if nothing was compared.
  ///
  /// They are the number of posts, how many of them differ in content or in their true labels, the number of flips,
  /// which run is right, McNemar's p, and the differences in accuracy and macro-F1 (this run's less the other's) with
  /// their paired intervals. An interval is missing under 30 posts, if the runs agree on all posts, and if no draw
  /// changes the difference.
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
        let isOnly = one.hasSameBytes(as: pattern.truth) && !other.hasSameBytes(as: pattern.truth)
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
