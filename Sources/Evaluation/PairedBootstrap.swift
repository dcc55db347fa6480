package import Bytes

/// The paired bootstrap of the difference in macro-F1 between two settings on the same posts.
///
/// Each setting was trained with several seeds; the n-th runs of both are a pair. The difference is the mean over pairs
/// of the second's macro-F1 minus the first's. Each draw resamples the posts with replacement, each with its truth and
/// all predictions, and computes the difference again. The interval holds the middle 95 % of the draws, and p is twice
/// the share of draws on the other side of 0. It does not include the variation between seeds.
package struct PairedBootstrap: Equatable, Sendable {
  /// The difference on the posts as they are.
  package let difference: Double
  /// The interval's lower end.
  package let low: Double
  /// The interval's upper end.
  package let high: Double
  /// The two-sided p: min(1, 2 · (k + 1) / (draws + 1)), where k is the number of draws ≤ 0 or the number of draws ≥ 0,
  /// whichever is smaller.
  package let p: Double

  /// The interval; nil if no draw changes the difference, for example if both settings predict the same.
  package var interval: ConfusionMatrixBootstrap.Interval? {
    high - low > ConfusionMatrixBootstrap.Interval.leastWidth
      ? ConfusionMatrixBootstrap.Interval(low: low, high: high) : nil
  }

  /// The default number of draws.
  package static let draws = 10_000
  /// The default random seed.
  package static let seed: UInt64 = 2022

  /// Resamples the posts; the same arguments give the same result on every machine.
  ///
  /// - Parameters:
  ///   - truths: each post's true label, as a number from 0.
  ///   - first: for each pair, the first setting's prediction of each post.
  ///   - second: the same for the second setting, with as many runs.
  ///   - labels: the number of labels.
  ///   - draws: the number of draws.
  ///   - seed: the random seed.
  /// - Complexity: O(draws · (posts + patterns · pairs)), where a pattern is one combination of truth and predictions.
  package init(
    truths: [Int], first: [[Int]], second: [[Int]], labels: Int, draws: Int = Self.draws, seed: UInt64 = Self.seed
  ) {
    precondition(first.count == second.count && !first.isEmpty, "runs in pairs")
    precondition((first + second).allSatisfy { $0.count == truths.count }, "a prediction for each post")
    precondition(!truths.isEmpty && labels > 0 && draws > 0, "something to draw from")
    // Posts with the same truth and predictions are counted together.
    var patterns: [[Int]] = [], places: [[Int]: Int] = [:], pattern: [Int] = [], counts: [Int] = []
    for post in truths.indices {
      let key = [truths[post]] + first.map { $0[post] } + second.map { $0[post] }
      let place = places[key] ?? patterns.count
      if place == patterns.count {
        places[key] = place
        patterns.append(key)
        counts.append(0)
      }
      counts[place] += 1
      pattern.append(place)
    }
    var tally = PatternTally(patterns: patterns, pairs: first.count, labels: labels)
    difference = tally.difference(counts)
    var random = SeededGenerator(seed: seed)
    var drawn = [Int](repeating: 0, count: patterns.count)
    var differences = (0..<draws).map { _ in
      for place in drawn.indices { drawn[place] = 0 }
      for _ in pattern { drawn[pattern[random.index(below: pattern.count)]] += 1 }
      return tally.difference(drawn)
    }
    differences.sort()
    // Rounding may leave a tiny number where the difference is 0.
    let rest = 1e-12
    let atMost = differences.count { $0 <= rest }, atLeast = differences.count { $0 >= -rest }
    p = min(1, 2 * Double(min(atMost, atLeast) + 1) / Double(draws + 1))
    let tail = Int(0.025 * Double(draws))
    (low, high) = (differences[tail], differences[draws - 1 - tail])
  }
}

/// Computes the macro-F1 of pairs of runs from the count of each pattern.
private struct PatternTally {
  /// Each: the truth, the first setting's predictions, the second's.
  let patterns: [[Int]]
  let pairs: Int
  let labels: Int
  /// For each run and label, `[hits, truths + predictions]`.
  private var cells: [Int]

  init(patterns: [[Int]], pairs: Int, labels: Int) {
    (self.patterns, self.pairs, self.labels) = (patterns, pairs, labels)
    cells = [Int](repeating: 0, count: 2 * pairs * labels * 2)
  }

  /// The mean over pairs of the second run's macro-F1 minus the first's.
  mutating func difference(_ counts: [Int]) -> Double {
    for cell in cells.indices { cells[cell] = 0 }
    for (pattern, count) in zip(patterns, counts) where count > 0 {
      let truth = pattern[0]
      for run in 0..<2 * pairs {
        let predicted = pattern[1 + run], base = run * labels
        if predicted == truth { cells[(base + truth) * 2] += count }
        cells[(base + truth) * 2 + 1] += count
        cells[(base + predicted) * 2 + 1] += count
      }
    }
    let sums = (0..<2 * pairs).map(macroF1)
    return (0..<pairs).reduce(0.0) { $0 + sums[pairs + $1] - sums[$1] } / Double(pairs)
  }

  /// The mean of F1 over labels that occur, as in ``ClassificationMetrics``.
  private func macroF1(_ run: Int) -> Double {
    var sum = 0.0, occurring = 0
    for label in run * labels..<(run + 1) * labels where cells[label * 2 + 1] > 0 {
      sum += 2 * Double(cells[label * 2]) / Double(cells[label * 2 + 1])
      occurring += 1
    }
    return sum / Double(max(occurring, 1))
  }
}

/// Intervals of differences between two classifiers on the same posts, by resampling the posts.
///
/// The paired percentile bootstrap: each draw takes as many posts as there are, with replacement, each with its truth
/// and both predictions. Equal posts are counted and drawn together, so the cost depends on the number of patterns, not
/// of posts. The draws are seeded: the same posts have the same intervals.
package struct PairedPatternBootstrap: Sendable {
  /// Posts with the same truth and the same two predictions.
  package struct Pattern: Equatable, Sendable {
    package var truth: ByteText
    package var first: ByteText
    package var second: ByteText
    /// The number of posts.
    package var count: Int

    package init(truth: ByteText, first: ByteText, second: ByteText, count: Int) {
      (self.truth, self.first, self.second, self.count) = (truth, first, second, count)
    }
  }

  /// A difference with its 95 % interval.
  package struct Difference: Equatable, Sendable {
    /// The first's value minus the second's, on the posts as they are.
    package var value: Double
    /// The 2.5th percentile of the draws.
    package var low: Double
    /// The 97.5th percentile of the draws.
    package var high: Double

    /// The interval; nil if no draw changes the difference, for example if both predict the same.
    package var interval: ConfusionMatrixBootstrap.Interval? {
      high - low > ConfusionMatrixBootstrap.Interval.leastWidth
        ? ConfusionMatrixBootstrap.Interval(low: low, high: high) : nil
    }
  }

  private typealias Pair = (first: ConfusionMatrix, second: ConfusionMatrix)
  private let whole: Pair
  private let draws: [Pair]

  /// Resamples the posts.
  ///
  /// - Parameters:
  ///   - patterns: the posts, grouped by pattern.
  ///   - labels: the labels that both may predict.
  ///   - draws: the number of draws.
  ///   - seed: the random seed.
  /// - Complexity: O(draws · (patterns + min(posts, patterns · √posts))) time, O(draws · labels²) memory.
  package init(_ patterns: [Pattern], labels: [ByteText], draws: Int = 1000, seed: UInt64 = 2022) {
    var random = SeededGenerator(seed: seed)
    let empty = ConfusionMatrix(labels: labels), total = patterns.reduce(0) { $0 + $1.count }
    func pair(_ counts: (Int, Pattern) -> Int) -> Pair {
      var pair = (first: empty, second: empty)
      for (place, pattern) in patterns.enumerated() {
        let count = counts(place, pattern)
        guard count > 0 else { continue }
        pair.first.add(truth: pattern.truth, predicted: pattern.first, count: count)
        pair.second.add(truth: pattern.truth, predicted: pattern.second, count: count)
      }
      return pair
    }
    whole = pair { $1.count }
    self.draws = (0..<draws).map { _ in
      var left = total, rest = total
      return pair { _, pattern in
        // The posts with this pattern, out of those that the patterns before it left.
        let count =
          pattern.count == rest ? left : random.binomial(left, Double(pattern.count) / Double(max(rest, 1)))
        (left, rest) = (left - count, rest - pattern.count)
        return count
      }
    }
  }

  /// The difference in a measure.
  package func difference(in value: (ConfusionMatrix) -> Double) -> Difference {
    let middle = value(whole.first) - value(whole.second)
    let values = draws.map { value($0.first) - value($0.second) }.sorted()
    guard let last = values.last else { return Difference(value: middle, low: middle, high: middle) }
    func quantile(_ share: Double) -> Double {
      let place = share * Double(values.count - 1), below = Int(place), part = place - Double(below)
      return below + 1 < values.count ? values[below] * (1 - part) + values[below + 1] * part : last
    }
    return Difference(value: middle, low: quantile(0.025), high: quantile(0.975))
  }
}
