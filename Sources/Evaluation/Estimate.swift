internal import Glibc

/// A measure of some posts with its 95 % confidence interval.
package struct Estimate: Equatable, Sendable {
  /// The value on the posts as they are.
  package var value: Double
  /// The interval's lower end.
  package var low: Double
  /// The interval's upper end.
  package var high: Double
  /// The number of posts.
  package var count: Int

  package init(value: Double, low: Double, high: Double, count: Int) {
    (self.value, self.low, self.high, self.count) = (value, low, high, count)
  }

  /// A value with a bootstrap interval.
  package init(_ value: Double, _ interval: ConfusionMatrixBootstrap.Interval, count: Int) {
    self.init(value: value, low: interval.low, high: interval.high, count: count)
  }

  /// A difference with its paired bootstrap interval; nil if no draw changes it.
  package init?(_ difference: PairedPatternBootstrap.Difference, count: Int) {
    guard let interval = difference.interval else { return nil }
    self.init(difference.value, interval, count: count)
  }

  /// The share of `part` in `whole` posts, at least 1, with Wilson's interval; the interval is wider if the share was
  /// picked from several `comparisons` (Bonferroni).
  package static func share(_ part: Int, of whole: Int, comparisons: Int = 1) -> Estimate {
    let interval = WilsonInterval(part, of: whole, z: Self.quantile(comparisons))
    return Estimate(value: Double(part) / Double(whole), low: interval.low, high: interval.high, count: whole)
  }

  /// The mean from the sum and the sum of squares, with the normal interval; nil for fewer than two numbers.
  package static func mean(sum: Double, squares: Double, count: Int, comparisons: Int = 1) -> Estimate? {
    guard count > 1 else { return nil }
    let n = Double(count), mean = sum / n
    // Rounding may make the variance negative.
    let variance = max(0, (squares - n * mean * mean) / (n - 1))
    let half = quantile(comparisons) * (variance / n).squareRoot()
    return Estimate(value: mean, low: mean - half, high: mean + half, count: count)
  }

  /// The value minus that of other posts, with Newcombe's interval for two independent shares (1998, method 10), which
  /// combines the half-widths of both intervals.
  package func less(_ other: Estimate) -> Estimate {
    let below = ((value - low) * (value - low) + (other.high - other.value) * (other.high - other.value)).squareRoot()
    let above = ((high - value) * (high - value) + (other.value - other.low) * (other.value - other.low)).squareRoot()
    let difference = value - other.value
    return Estimate(
      value: difference, low: difference - below, high: difference + above, count: count + other.count)
  }

  /// The same with an interval that holds if the value was picked from several comparisons (Bonferroni). Both
  /// half-widths grow by the ratio of the normal quantiles, since the draws are too few for quantiles that far out.
  package func widened(for comparisons: Int) -> Estimate {
    guard comparisons > 1 else { return self }
    let factor = Self.quantile(comparisons) / Self.quantile(1)
    return Estimate(
      value: value, low: value - (value - low) * factor, high: value + (high - value) * factor, count: count)
  }

  /// Whether a number lies in the interval.
  package func holds(_ number: Double) -> Bool { low <= number && number <= high }

  /// The normal quantile with 2.5 % / `comparisons` above it.
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

/// The 95 % score interval of a share (Wilson 1927), which also works for few posts and for shares of 0 and 1.
package struct WilsonInterval: Equatable, Sendable {
  package let low: Double
  package let high: Double

  /// The 95 % interval of `part` of `whole`, at least 1.
  package init(_ part: Int, of whole: Int) { self.init(part, of: whole, z: Estimate.quantile(1)) }

  /// The interval for a normal quantile `z`.
  init(_ part: Int, of whole: Int, z: Double) {
    precondition(whole > 0 && part >= 0 && part <= whole, "a part of a whole")
    let n = Double(whole), share = Double(part) / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    low = part == 0 ? 0 : max(0, middle - half)
    high = part == whole ? 1 : min(1, middle + half)
  }
}
