internal import Glibc

/// McNemar's exact test of two classifiers on the same posts: do both err equally often?
///
/// Only posts that one of them has right and the other wrong tell them apart. If neither were better, such a post would
/// fall to either side like a coin, so p = min(1, 2 · P(X ≤ min(b, c))) with X binomial, b + c throws at ½.
public struct McNemar: Equatable, Sendable {
  /// b: posts that only the first has right.
  public let firstOnly: Int
  /// c: posts that only the second has right.
  public let secondOnly: Int

  /// A test on counts, which are not negative.
  public init(firstOnly: Int, secondOnly: Int) {
    precondition(firstOnly >= 0 && secondOnly >= 0, "counts are not negative")
    (self.firstOnly, self.secondOnly) = (firstOnly, secondOnly)
  }

  /// The two-sided p; 1 where no post tells them apart.
  ///
  /// - Complexity: O(min(b, c)).
  public var p: Double {
    let few = min(firstOnly, secondOnly), all = Double(firstOnly) + Double(secondOnly)
    if firstOnly == secondOnly { return 1 }
    // The largest term of the sum is the last; each one before it is smaller by a known factor.
    let largest = exp(lgamma(all + 1) - lgamma(Double(few) + 1) - lgamma(all - Double(few) + 1) - all * M_LN2)
    var term = 1.0, sum = 1.0
    for count in stride(from: Double(few), to: 0, by: -1) {
      term *= count / (all - count + 1)
      sum += term
      if term < sum * 0x1p-60 { break }
    }
    return min(1, 2 * largest * sum)
  }
}
