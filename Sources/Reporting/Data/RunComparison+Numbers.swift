import Bytes
public import Evaluation

extension ReportData {
  /// How many posts of the run share their key, but not their content, with a post of the run it was compared with, and
  /// are in no pair.
  public var postsOfSameKey: Int { charts.comparison?.keyOnly ?? 0 }

  /// How many pairs of posts of one key have different true labels, and are left out of right and wrong.
  public var pairsOfOtherTruth: Int { charts.comparison?.differingTruths ?? 0 }

  /// What tells the run from the one it was compared with, measure by measure, over the posts that both scored: how many
  /// there are, how many of them differ in content or in their true labels, how many flip, which of both is right, McNemar's p, and the differences in accuracy and macro-F1 (this
  /// run's less the other's) with their paired intervals, which under 30 posts, runs that agree on all and differences that no draw changes do not have. Nil where nothing was compared.
  public func comparisonNumbers(_ resampling: Resampling) -> [Measure]? {
    guard let comparison = charts.comparison else { return nil }
    let slice = "against \(comparison.store.map { "\($0):" } ?? "")\(comparison.name)"
    let labelled = comparison.patterns.reduce(0) { $0 + $1.count }
    func measure(
      _ name: String, _ value: Double, count: Int, interval: MatrixBootstrap.Interval? = nil
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
    let bootstrap = ComparisonBootstrap(
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
          interval: resampling.draws > 0 && labelled >= HeadlineBlock.fewPosts && !comparison.agreesOnTruths
            ? difference.interval : nil))
    }
    return numbers
  }
}
