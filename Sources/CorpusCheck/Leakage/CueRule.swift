import Glibc

/// The accuracy of a rule about one cue on held-out posts.
package struct CueScore: Equatable, Sendable {
  /// The mean over labels of the share that the rule gets right: 1 / labels for an uninformative cue, however many
  /// posts each label has.
  package var balancedAccuracy: Double
  /// The lower end of its 95 % interval.
  package var low: Double
  /// The upper end.
  package var high: Double
  /// 1 / labels.
  package var chance: Double
  /// The probability of at least this accuracy by chance (Fisher's exact test; with more than two labels, each is
  /// tested against the rest and the smallest p is multiplied by their number), not yet corrected for the number of
  /// cues.
  package var p: Double
  /// The number of test posts.
  package var posts: Int

  /// How far it is above chance.
  package var gain: Double { balancedAccuracy - chance }
}

/// The rule for a cue: each value predicts the label in whose posts it has the largest share.
struct CueRule {
  /// A value, or a range of several, for which the rule predicts one label.
  struct Bin {
    /// The first value.
    var value: UInt64
    var fit: [Int]
    var test: [Int]
  }

  let bins: [Bin]
  /// The index of the label of each bin.
  let labels: [Int]

  /// The maximum number of bins for numbers.
  private static let maximumBins = 24

  /// Learns from the bins of `fit`.
  init(_ bins: [Bin], labelCount: Int) {
    let totals = (0..<labelCount).map { label in bins.reduce(0) { $0 + $1.fit[label] } }
    self.bins = bins
    labels = bins.map { bin in
      let shares = totals.indices.map { totals[$0] == 0 ? 0 : Double(bin.fit[$0]) / Double(totals[$0]) }
      return shares.indices.max { (shares[$0], $1) < (shares[$1], $0) } ?? 0
    }
  }

  /// Adjacent values, joined until each bin has about the same number of posts.
  static func merged(_ table: [(value: UInt64, fit: [Int], test: [Int])]) -> [Bin] {
    let all = table.reduce(0) { $0 + $1.fit.reduce(0, +) + $1.test.reduce(0, +) }
    let size = max(1, (all + maximumBins - 1) / maximumBins)
    var bins: [Bin] = [], filled = size
    for row in table.sorted(by: { $0.value < $1.value }) {
      let count = row.fit.reduce(0, +) + row.test.reduce(0, +)
      if filled >= size {
        bins.append(Bin(value: row.value, fit: row.fit, test: row.test))
        filled = count
      } else {
        let last = bins.count - 1
        for label in row.fit.indices {
          bins[last].fit[label] += row.fit[label]
          bins[last].test[label] += row.test[label]
        }
        filled += count
      }
    }
    return bins
  }

  /// The rule's accuracy on `test`; `nil` if a label has no post there.
  func score() -> CueScore? {
    let count = bins.first?.test.count ?? 0
    var truth = [Int](repeating: 0, count: count), said = truth, right = truth
    for (bin, label) in zip(bins, labels) {
      for other in 0..<count { truth[other] += bin.test[other] }
      said[label] += bin.test.reduce(0, +)
      right[label] += bin.test[label]
    }
    return Self.score(truth: truth, said: said, right: right)
  }

  /// The score of predictions, by label: its posts, its predictions, and its correct predictions.
  static func score(truth: [Int], said: [Int], right: [Int]) -> CueScore? {
    let count = truth.count, all = truth.reduce(0, +)
    guard count > 1, truth.allSatisfy({ $0 > 0 }) else { return nil }
    let balanced = (0..<count).reduce(0.0) { $0 + Double(right[$1]) / Double(truth[$1]) } / Double(count)
    // Each label's share is binomial; adding two hits and two misses keeps its variance reasonable near 0 and 1.
    let variance = (0..<count).reduce(0.0) { sum, label in
      let n = Double(truth[label]) + 4, share = (Double(right[label]) + 2) / n
      return sum + share * (1 - share) / n
    }
    let half = 1.959963984540054 * variance.squareRoot() / Double(count)
    let least = (0..<count).map {
      FisherExactTest.probability(hits: right[$0], marked: truth[$0], drawn: said[$0], all: all)
    }.min()
    return CueScore(
      balancedAccuracy: balanced, low: max(0, balanced - half), high: min(1, balanced + half),
      chance: 1 / Double(count),
      p: min(1, (least ?? 1) * (count == 2 ? 1 : Double(count))), posts: all)
  }

  /// The bin that most clearly indicates its label, on the test posts.
  var clearest: (bin: Bin, label: Int)? {
    let count = bins.first?.test.count ?? 0
    let truth = (0..<count).map { label in bins.reduce(0) { $0 + $1.test[label] } }
    let all = truth.reduce(0, +)
    guard all > 0 else { return nil }
    // Hits beyond those expected from the label's share of all posts.
    func excess(_ place: Int) -> Double {
      let posts = bins[place].test.reduce(0, +), label = labels[place]
      return (Double(bins[place].test[label]) - Double(posts) * Double(truth[label]) / Double(all))
        / Double(max(1, posts)).squareRoot()
    }
    return bins.indices.max { excess($0) < excess($1) }.map { (bins[$0], labels[$0]) }
  }
}

/// Fisher's exact test, one-sided: the probability of so many hits if labels were assigned to rows at random.
package enum FisherExactTest {
  /// P(X ≥ hits) if `drawn` of `all` rows are drawn at random, `marked` of which count.
  ///
  /// This is the limit of shuffling the labels again and again. It is 1 if there are no more hits than expected.
  /// - Complexity: O(√all).
  package static func probability(hits: Int, marked: Int, drawn: Int, all: Int) -> Double {
    let most = min(marked, drawn)
    guard hits <= most else { return 0 }
    if Double(hits) * Double(all) <= Double(marked) * Double(drawn) { return 1 }
    let (n, k, m) = (Double(all), Double(marked), Double(drawn))
    let log =
      logBinomialCoefficient(k, Double(hits)) + logBinomialCoefficient(n - k, m - Double(hits))
      - logBinomialCoefficient(n, m)
    var term = exp(log), sum = term
    var x = Double(hits)
    // Above the mean, terms only decrease.
    while x < Double(most), term > sum * 1e-17 {
      term *= (k - x) * (m - x) / ((x + 1) * (n - k - m + x + 1))
      x += 1
      sum += term
    }
    return min(1, sum)
  }

  private static func logBinomialCoefficient(_ n: Double, _ k: Double) -> Double {
    lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
  }
}
