/// How far annotators agree on the labels of the same posts.
///
/// Units are posts, each with the number of annotators that chose each label. Posts with fewer than two annotators are
/// not counted.
package struct LabelAgreement: Equatable, Sendable {
  /// The labels' numbers of annotators of a post, and how many posts have these.
  private struct Pattern: Equatable {
    var choices: [Int]
    var posts: Int
  }

  private let patterns: [Pattern]

  /// Counts posts.
  ///
  /// - Parameters:
  ///   - posts: for each post, the labels that its annotators chose, as numbers from 0.
  ///   - labels: the number of labels.
  package init(_ posts: some Sequence<[Int]>, labels: Int) {
    var counts: [[Int]: Int] = [:]
    for choices in posts where choices.count > 1 {
      var tally = [Int](repeating: 0, count: labels)
      for choice in choices { tally[choice] += 1 }
      counts[tally, default: 0] += 1
    }
    patterns = counts.map { Pattern(choices: $0.key, posts: $0.value) }
      .sorted { $0.choices.lexicographicallyPrecedes($1.choices) }
  }

  /// The number of posts with two annotators or more.
  package var posts: Int { patterns.reduce(0) { $0 + $1.posts } }

  /// The share of pairs of annotators of one post that chose the same label, the mean over posts; nil without posts.
  package var raw: Double? { raw(patterns.map(\.posts)) }

  /// Krippendorff's α for nominal labels (Krippendorff 2018, chapter 12): 1 minus observed by expected disagreement.
  ///
  /// Equals PyPI's `krippendorff.alpha(level_of_measurement="nominal")`. nil if all labels are the same: then nothing
  /// could disagree.
  package var alpha: Double? { alpha(patterns.map(\.posts)) }

  /// The 95 % bootstrap interval of ``alpha``: posts are drawn again with replacement.
  package func alphaInterval(draws: Int = 1000, seed: UInt64 = 2022) -> ConfusionMatrixBootstrap.Interval? {
    interval(draws: draws, seed: seed, of: alpha)
  }

  /// The same for ``raw``.
  package func rawInterval(draws: Int = 1000, seed: UInt64 = 2022) -> ConfusionMatrixBootstrap.Interval? {
    interval(draws: draws, seed: seed, of: raw)
  }

  private func raw(_ counts: [Int]) -> Double? {
    var agreeing = 0.0, posts = 0
    for (pattern, count) in zip(patterns, counts) where count > 0 {
      let all = pattern.choices.reduce(0, +), pairs = pattern.choices.reduce(0) { $0 + $1 * ($1 - 1) }
      agreeing += Double(count) * Double(pairs) / Double(all * (all - 1))
      posts += count
    }
    return posts == 0 ? nil : agreeing / Double(posts)
  }

  private func alpha(_ counts: [Int]) -> Double? {
    var observed = 0.0, totals: [Double] = []
    for (pattern, count) in zip(patterns, counts) where count > 0 {
      let all = Double(pattern.choices.reduce(0, +))
      if totals.isEmpty { totals = [Double](repeating: 0, count: pattern.choices.count) }
      for (label, number) in pattern.choices.enumerated() where number > 0 {
        let chosen = Double(number)
        observed += Double(count) * chosen * (all - chosen) / (all - 1)
        totals[label] += Double(count) * chosen
      }
    }
    let all = totals.reduce(0, +)
    let expected = totals.reduce(0) { $0 + $1 * (all - $1) }
    return expected > 0 ? 1 - (all - 1) * observed / expected : nil
  }

  private func interval(
    draws: Int, seed: UInt64, of measure: ([Int]) -> Double?
  ) -> ConfusionMatrixBootstrap.Interval? {
    var random = SeededGenerator(seed: seed)
    let all = posts
    let values = (0..<draws).compactMap { _ -> Double? in
      var left = all, rest = all
      return measure(
        patterns.map { pattern in
          let count =
            pattern.posts == rest ? left : random.binomial(left, Double(pattern.posts) / Double(rest))
          (left, rest) = (left - count, rest - pattern.posts)
          return count
        })
    }
    return ConfusionMatrixBootstrap.interval(of: values)
  }
}

extension ConfusionMatrix {
  /// Cohen's κ of two annotators, the rows and the columns: agreement beyond chance, from −1 to 1.
  ///
  /// Equals scikit-learn's `cohen_kappa_score`. nil if both always chose the same label.
  package var cohensKappa: Double? {
    let all = Double(total)
    guard all > 0 else { return nil }
    var agreed = 0.0, expected = 0.0
    for row in rows.indices where row < labels.count {
      agreed += Double(counts[row][row])
      expected += Double(support(row: row)) * Double(predicted(column: row)) / all
    }
    return all > expected ? (agreed - expected) / (all - expected) : nil
  }

  /// The 95 % bootstrap interval of ``cohensKappa``.
  package func kappaInterval(draws: Int = 1000, seed: UInt64 = 2022) -> ConfusionMatrixBootstrap.Interval? {
    let drawn = ConfusionMatrixBootstrap(self, draws: draws, seed: seed).matrices.compactMap(\.cohensKappa)
    return ConfusionMatrixBootstrap.interval(of: drawn)
  }
}
