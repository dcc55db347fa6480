import Glibc

/// Fisher's exact test, one-sided: how likely so many hits are where labels stand with rows by chance alone.
package enum HypergeometricTail {
  /// P(X ≥ hits) where `drawn` of `all` rows are taken by chance, `marked` of which count.
  ///
  /// That is what shuffling the labels over and over would come to. 1 where there are no more hits than chance expects.
  /// - Complexity: O(√all).
  package static func probability(hits: Int, marked: Int, drawn: Int, all: Int) -> Double {
    let most = min(marked, drawn)
    guard hits <= most else { return 0 }
    if Double(hits) * Double(all) <= Double(marked) * Double(drawn) { return 1 }
    let (n, k, m) = (Double(all), Double(marked), Double(drawn))
    let log = chooseLog(k, Double(hits)) + chooseLog(n - k, m - Double(hits)) - chooseLog(n, m)
    var term = exp(log), sum = term
    var x = Double(hits)
    // Above the mean terms only fall.
    while x < Double(most), term > sum * 1e-17 {
      term *= (k - x) * (m - x) / ((x + 1) * (n - k - m + x + 1))
      x += 1
      sum += term
    }
    return min(1, sum)
  }

  private static func chooseLog(_ n: Double, _ k: Double) -> Double {
    lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
  }
}
