import Bytes
internal import Glibc

/// McNemar's exact test of two classifiers on the same posts: do both err equally often?
///
/// Only posts that one of them has right and the other wrong tell them apart. If neither were better, such a post would
/// fall to either side like a coin, so p = min(1, 2 · P(X ≤ min(b, c))) with X binomial, b + c throws at ½.
package struct McNemar: Equatable, Sendable {
  /// b: posts that only the first has right.
  package let firstOnly: Int
  /// c: posts that only the second has right.
  package let secondOnly: Int

  /// A test on counts, which are not negative.
  package init(firstOnly: Int, secondOnly: Int) {
    precondition(firstOnly >= 0 && secondOnly >= 0, "counts are not negative")
    (self.firstOnly, self.secondOnly) = (firstOnly, secondOnly)
  }

  /// The two-sided p; 1 where no post tells them apart.
  ///
  /// - Complexity: O(min(b, c)).
  package var p: Double {
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

/// Two classifiers' labels for the same posts, and the true labels.
package struct PairedPredictions: Equatable, Sendable {
  /// The first classifier's labels against the truth.
  package private(set) var first: ConfusionMatrix
  /// The second classifier's.
  package private(set) var second: ConfusionMatrix
  /// The posts that got two different labels.
  package private(set) var changed = 0
  private var firstOnly = 0
  private var secondOnly = 0

  /// Starts at nothing, for classifiers of these labels.
  package init(labels: [String]) {
    first = ConfusionMatrix(labels: labels)
    second = first
  }

  /// Counts a post; labels are compared by their bytes.
  package mutating func add(truth: String, first one: String, second other: String) {
    guard first.add(truth: truth, predicted: one), second.add(truth: truth, predicted: other) else {
      preconditionFailure("both predict labels of the model")
    }
    if one.hasSameBytes(as: other) { return }
    changed += 1
    if one.hasSameBytes(as: truth) { firstOnly += 1 }
    if other.hasSameBytes(as: truth) { secondOnly += 1 }
  }

  /// The posts.
  package var total: Int { first.total }

  /// Whether both err equally often.
  package var mcNemar: McNemar { McNemar(firstOnly: firstOnly, secondOnly: secondOnly) }
}
