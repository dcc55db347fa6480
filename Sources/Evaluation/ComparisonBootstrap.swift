internal import Seeded

/// Intervals of the difference between two classifiers on the same posts, by drawing the posts anew.
///
/// The paired percentile bootstrap: each draw takes as many posts as there are, with replacement, each with its truth and
/// both predictions. Posts that are alike are counted and drawn together, so that a million cost no more than what they
/// differ by. Seeded: the same posts have the same intervals.
public struct ComparisonBootstrap: Sendable {
  /// Posts with the same truth and the same two predictions.
  public struct Pattern: Equatable, Sendable {
    /// Their true label.
    public var truth: String
    /// What the first classifier says.
    public var first: String
    /// What the second one says.
    public var second: String
    /// How many posts.
    public var count: Int

    /// A pattern.
    public init(truth: String, first: String, second: String, count: Int) {
      (self.truth, self.first, self.second, self.count) = (truth, first, second, count)
    }
  }

  /// A difference and where 95 % of the draws lie.
  public struct Difference: Equatable, Sendable {
    /// The first's number less the second's, on the posts as they are.
    public var value: Double
    /// 2.5 % of the draws lie below.
    public var low: Double
    /// 2.5 % lie above.
    public var high: Double

    /// The interval; nil where the draws do not change the difference, as where no post tells the two apart.
    package var interval: MatrixBootstrap.Interval? {
      high - low > MatrixBootstrap.Interval.leastWidth ? MatrixBootstrap.Interval(low: low, high: high) : nil
    }
  }

  private typealias Pair = (first: ConfusionMatrix, second: ConfusionMatrix)
  private let whole: Pair
  private let draws: [Pair]

  /// Draws posts anew.
  ///
  /// - Parameters:
  ///   - patterns: the posts, by pattern.
  ///   - labels: the labels that both may predict.
  ///   - draws: how often.
  ///   - seed: what all chance begins with.
  /// - Complexity: O(draws · (patterns + min(posts, patterns · √posts))) time, O(draws · labels²) memory.
  public init(_ patterns: [Pattern], labels: [String], draws: Int = 1000, seed: UInt64 = 2022) {
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
        // What falls to this pattern, of what those before it left.
        let count =
          pattern.count == rest ? left : random.binomial(left, Double(pattern.count) / Double(max(rest, 1)))
        (left, rest) = (left - count, rest - pattern.count)
        return count
      }
    }
  }

  /// The difference in a number that each matrix has.
  public func difference(in value: (ConfusionMatrix) -> Double) -> Difference {
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
