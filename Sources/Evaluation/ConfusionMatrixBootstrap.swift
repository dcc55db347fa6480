internal import Glibc

/// Confidence intervals for measures of a confusion matrix, by resampling its posts.
///
/// Percentile bootstrap (Efron and Tibshirani 1993, chapter 13): each draw takes as many posts as there are, with
/// replacement, which is a multinomial draw of the matrix's cells. The draws are seeded: the same matrix has the same
/// intervals.
package struct ConfusionMatrixBootstrap: Sendable {
  /// A 95 % confidence interval.
  package struct Interval: Equatable, Sendable {
    /// The lower end: the 2.5th percentile of the draws.
    package var low: Double
    /// The upper end: the 97.5th percentile.
    package var high: Double

    package init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

    /// Wilson's interval of a share, which a bootstrap cannot give if all posts are right or all are wrong; nil without
    /// posts.
    package init?(share part: Int, of whole: Int) {
      guard whole > 0 else { return nil }
      let wilson = WilsonInterval(part, of: whole)
      self.init(low: wilson.low, high: wilson.high)
    }

    /// A narrower interval counts as empty: its width is only rounding error.
    static let leastWidth = 1e-9
  }

  private let draws: [ConfusionMatrix]

  /// Resamples a matrix.
  ///
  /// - Parameters:
  ///   - matrix: the counts.
  ///   - draws: the number of draws.
  ///   - seed: the random seed.
  /// - Complexity: O(draws · (cells + min(posts, cells · √posts))).
  package init(_ matrix: ConfusionMatrix, draws: Int = 1000, seed: UInt64 = 2022) {
    var random = SeededGenerator(seed: seed)
    let cells = zip(matrix.rows, matrix.counts).flatMap { truth, row in
      zip(matrix.labels, row).filter { $0.1 > 0 }.map { (truth: truth, predicted: $0.0, count: $0.1) }
    }
    self.draws = (0..<draws).map { _ in
      var drawn = ConfusionMatrix(labels: matrix.labels), left = matrix.total, rest = matrix.total
      for cell in cells {
        // The posts that fall into this cell, out of those that the cells before it left.
        let count = cell.count == rest ? left : random.binomial(left, Double(cell.count) / Double(rest))
        if count > 0 { drawn.add(truth: cell.truth, predicted: cell.predicted, count: count) }
        (left, rest) = (left - count, rest - cell.count)
      }
      return drawn
    }
  }

  var matrices: [ConfusionMatrix] { draws }

  /// The interval of a measure; nil if no draw changes it, for example if every prediction is right. Then the measure
  /// is not certain, but these posts cannot show how uncertain it is.
  package func interval(of value: (ConfusionMatrix) -> Double) -> Interval? { Self.interval(of: draws.map(value)) }

  /// The range of the middle 95 % of the numbers, interpolated between neighbours; nil if it is empty.
  static func interval(of numbers: [Double]) -> Interval? {
    let values = numbers.sorted()
    guard let last = values.last else { return nil }
    func quantile(_ share: Double) -> Double {
      let place = share * Double(values.count - 1), below = Int(place), part = place - Double(below)
      return below + 1 < values.count ? values[below] * (1 - part) + values[below + 1] * part : last
    }
    let interval = Interval(low: quantile(0.025), high: quantile(0.975))
    return interval.high - interval.low > Interval.leastWidth ? interval : nil
  }
}

extension SeededGenerator {
  /// A draw from the binomial distribution: the successes in `count` trials of probability `share`.
  ///
  /// Exact up to a variance of 1,000; above that a rounded normal draw (a sum of 12 uniform numbers).
  mutating func binomial(_ count: Int, _ share: Double) -> Int {
    guard count > 0, share > 0 else { return 0 }
    guard share < 1 else { return count }
    if share > 0.5 { return count - binomial(count, 1 - share) }
    let mean = Double(count) * share, variance = mean * (1 - share)
    if variance > 1000 {
      let normal = (0..<12).reduce(-6.0) { sum, _ in sum + unit() }
      return min(max(Int((mean + normal * variance.squareRoot()).rounded()), 0), count)
    }
    if mean > 8 { return search(count, share) }
    // The gaps between successes are geometric, so this takes one draw for each success.
    var successes = 0, place = 0.0
    let scale = log(1 - share)
    while true {
      place += (log(1 - unit()) / scale).rounded(.down) + 1
      if place > Double(count) { return successes }
      successes += 1
    }
  }

  /// The same by inversion: starts at the most likely outcome and steps outwards, down and up in turn, until the
  /// probabilities add up to one uniform draw. Exact; the number of steps grows with the standard deviation.
  private mutating func search(_ count: Int, _ share: Double) -> Int {
    let n = Double(count), odds = share / (1 - share), middle = Int((n + 1) * share), m = Double(middle)
    let chance = exp(
      lgamma(n + 1) - lgamma(m + 1) - lgamma(n - m + 1) + m * log(share) + (n - m) * log(1 - share))
    var left = unit() - chance, below = middle, above = middle, down = chance, up = chance
    while left >= 0, below > 0 || above < count {
      if below > 0 {
        down *= Double(below) / (Double(count - below + 1) * odds)
        below -= 1
        left -= down
        if left < 0 { return below }
      }
      if above < count {
        up *= Double(count - above) / Double(above + 1) * odds
        above += 1
        left -= up
        if left < 0 { return above }
      }
    }
    return middle
  }
}
