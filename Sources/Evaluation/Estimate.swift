internal import Glibc

/// A number about some posts, with the interval that holds 95 % of what chance makes of it.
public struct Estimate: Equatable, Sendable {
  /// The number on the posts as they are.
  public var value: Double
  /// The interval's lower end.
  public var low: Double
  /// The interval's upper end.
  public var high: Double
  /// The posts under it.
  public var count: Int

  /// A number with its interval.
  public init(value: Double, low: Double, high: Double, count: Int) {
    (self.value, self.low, self.high, self.count) = (value, low, high, count)
  }

  /// A number with an interval of draws.
  public init(_ value: Double, _ interval: MatrixBootstrap.Interval, count: Int) {
    self.init(value: value, low: interval.low, high: interval.high, count: count)
  }

  /// A difference with an interval of paired draws; nil where the draws do not change it.
  public init?(_ difference: ComparisonBootstrap.Difference, count: Int) {
    guard let interval = difference.interval else { return nil }
    self.init(difference.value, interval, count: count)
  }

  /// The share of `part` in `whole` posts, which are more than none, with Wilson's interval; one of so many `comparisons`
  /// of which the widest was picked has a wider one (Bonferroni).
  public static func share(_ part: Int, of whole: Int, comparisons: Int = 1) -> Estimate {
    let interval = WilsonInterval(part, of: whole, z: Self.quantile(comparisons))
    return Estimate(value: Double(part) / Double(whole), low: interval.low, high: interval.high, count: whole)
  }

  /// The mean of numbers of which the sums are known, with the normal interval; nil of fewer than two.
  public static func mean(sum: Double, squares: Double, count: Int, comparisons: Int = 1) -> Estimate? {
    guard count > 1 else { return nil }
    let n = Double(count), mean = sum / n
    // Rounding may leave a variance below nothing.
    let variance = max(0, (squares - n * mean * mean) / (n - 1))
    let half = quantile(comparisons) * (variance / n).squareRoot()
    return Estimate(value: mean, low: mean - half, high: mean + half, count: count)
  }

  /// The difference to the mean of other posts: Newcombe's interval of two independent shares (1998, method 10), which
  /// joins the distances of each estimate from the ends of its own interval.
  public func less(_ other: Estimate) -> Estimate {
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
  public func holds(_ number: Double) -> Bool { low <= number && number <= high }

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
