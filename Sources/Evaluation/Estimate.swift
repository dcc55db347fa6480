internal import Glibc

/// A number about some posts, with the interval that holds 95 % of what chance makes of it.
package struct Estimate: Equatable, Sendable {
  /// The number on the posts as they are.
  package var value: Double
  /// The interval's lower end.
  package var low: Double
  /// The interval's upper end.
  package var high: Double
  /// The posts under it.
  package var count: Int

  /// A number with its interval.
  package init(value: Double, low: Double, high: Double, count: Int) {
    (self.value, self.low, self.high, self.count) = (value, low, high, count)
  }

  /// A number with an interval of draws.
  package init(_ value: Double, _ interval: ConfusionMatrixBootstrap.Interval, count: Int) {
    self.init(value: value, low: interval.low, high: interval.high, count: count)
  }

  /// A difference with an interval of paired draws; nil if the draws do not change it.
  package init?(_ difference: PairedPatternBootstrap.Difference, count: Int) {
    guard let interval = difference.interval else { return nil }
    self.init(difference.value, interval, count: count)
  }

  /// The share of `part` in `whole` posts, which are more than none, with Wilson's interval; one of so many `comparisons`
  /// of which the widest was picked has a wider one (Bonferroni).
  package static func share(_ part: Int, of whole: Int, comparisons: Int = 1) -> Estimate {
    let interval = WilsonInterval(part, of: whole, z: Self.quantile(comparisons))
    return Estimate(value: Double(part) / Double(whole), low: interval.low, high: interval.high, count: whole)
  }

  /// The mean of numbers of which the sums are known, with the normal interval; nil of fewer than two.
  package static func mean(sum: Double, squares: Double, count: Int, comparisons: Int = 1) -> Estimate? {
    guard count > 1 else { return nil }
    let n = Double(count), mean = sum / n
    // Rounding may leave a variance below nothing.
    let variance = max(0, (squares - n * mean * mean) / (n - 1))
    let half = quantile(comparisons) * (variance / n).squareRoot()
    return Estimate(value: mean, low: mean - half, high: mean + half, count: count)
  }

  /// The difference to the mean of other posts: Newcombe's interval of two independent shares (1998, method 10), which
  /// joins the distances of each estimate from the ends of its own interval.
  package func less(_ other: Estimate) -> Estimate {
    let below = ((value - low) * (value - low) + (other.high - other.value) * (other.high - other.value)).squareRoot()
    let above = ((high - value) * (high - value) + (other.value - other.low) * (other.value - other.low)).squareRoot()
    let difference = value - other.value
    return Estimate(
      value: difference, low: difference - below, high: difference + above, count: count + other.count)
  }

  /// The same with an interval for the widest of so many differences that could be picked (Bonferroni): its ends lie as much
  /// farther from the value as the normal distribution's quantiles do. Draws alone have no such far quantiles.
  package func widened(for comparisons: Int) -> Estimate {
    guard comparisons > 1 else { return self }
    let factor = Self.quantile(comparisons) / Self.quantile(1)
    return Estimate(
      value: value, low: value - (value - low) * factor, high: value + (high - value) * factor, count: count)
  }

  /// Whether a number lies in the interval, so that chance alone could make the difference to it.
  package func holds(_ number: Double) -> Bool { low <= number && number <= high }

  /// The normal distribution's quantile that leaves 2.5 % above, shared among so many comparisons.
  static func quantile(_ comparisons: Int) -> Double {
    guard comparisons > 1 else { return 1.959963984540054 }
    let above = 0.025 / Double(comparisons)
    var low = 1.0, high = 10.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if erfc(middle / 2.0.squareRoot()) / 2 > above { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}

/// The interval of a share by its count (Wilson 1927): it holds even where few or all of few succeed.
package struct WilsonInterval: Equatable, Sendable {
  /// The lower end.
  package let low: Double
  /// The upper end.
  package let high: Double

  /// The 95 % interval of `part` of `whole`, which is more than none.
  package init(_ part: Int, of whole: Int) { self.init(part, of: whole, z: Estimate.quantile(1)) }

  /// The interval of so many standard deviations.
  init(_ part: Int, of whole: Int, z: Double) {
    precondition(whole > 0 && part >= 0 && part <= whole, "a part of a whole")
    let n = Double(whole), share = Double(part) / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    low = part == 0 ? 0 : max(0, middle - half)
    high = part == whole ? 1 : min(1, middle + half)
  }
}
