package import Bytes
internal import Glibc

/// McNemar's exact test of whether two classifiers are wrong equally often on the same posts.
///
/// Only posts that exactly one of them gets right count: b for the first, c for the second. If neither is better, each
/// of these posts is a coin flip, so p = min(1, 2 · P(X ≤ min(b, c))) with X ~ Binomial(b + c, ½).
package struct McNemar: Equatable, Sendable {
  /// b: the number of posts that only the first gets right.
  package let firstOnly: Int
  /// c: the number of posts that only the second gets right.
  package let secondOnly: Int

  package init(firstOnly: Int, secondOnly: Int) {
    precondition(firstOnly >= 0 && secondOnly >= 0, "counts are not negative")
    (self.firstOnly, self.secondOnly) = (firstOnly, secondOnly)
  }

  /// The two-sided p value; 1 if b = c = 0.
  ///
  /// - Complexity: O(min(b, c)).
  package var p: Double {
    let few = min(firstOnly, secondOnly), all = Double(firstOnly) + Double(secondOnly)
    if firstOnly == secondOnly { return 1 }
    // Sum from the largest term, the last, downwards; the ratio of neighbouring terms is known.
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
  /// The number of posts with two different predictions.
  package private(set) var changed = 0
  private var firstOnly = 0
  private var secondOnly = 0

  /// Starts empty, for two classifiers with these labels.
  package init(labels: [ByteText]) {
    first = ConfusionMatrix(labels: labels)
    second = first
  }

  /// Counts a post; both predictions must be labels of the model.
  package mutating func add(truth: ByteText, first one: ByteText, second other: ByteText) {
    guard first.add(truth: truth, predicted: one), second.add(truth: truth, predicted: other) else {
      preconditionFailure("both predict labels of the model")
    }
    if one == other { return }
    changed += 1
    if one == truth { firstOnly += 1 }
    if other == truth { secondOnly += 1 }
  }

  /// The number of posts.
  package var total: Int { first.total }

  package var mcNemar: McNemar { McNemar(firstOnly: firstOnly, secondOnly: secondOnly) }
}
