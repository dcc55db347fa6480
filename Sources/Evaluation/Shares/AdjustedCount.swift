internal import Glibc

/// Every label's share of a run from the predicted labels and their errors in a labelled sample: the adjusted count
/// (Forman 2008; for more than two labels as in PyPI's quapy, `ACC(solver="exact-raise", norm="clip")`).
///
/// With M[i, j] the probability that a post of label j is predicted as i, the shares p solve M p = q, where q are the
/// shares of the predicted labels. The adjustment is right if the sample's errors are those of the run; it needs no
/// random sample of the labels themselves. With few labels it varies much.
package struct AdjustedCount: Equatable, Sendable {
  /// The shares of the labels, in their order.
  package let shares: [ShareEstimate]

  /// Adjusts the counts; nil if the errors do not determine the shares, for example if a predictor has only one answer,
  /// or if no draw changes a share.
  ///
  /// - Parameters:
  ///   - predicted: the number of posts of the run that are predicted as each label.
  ///   - confusion: the labelled posts, `confusion[truth][predicted]`, each weighted by one over its probability of
  ///     being drawn.
  ///   - labelled: the number of labelled posts.
  ///   - draws: the number of bootstrap draws for the interval; the posts are drawn again, with replacement.
  ///   - seed: the random seed.
  package init?(predicted: [Int], confusion: [[Double]], labelled: Int, draws: Int = 1000, seed: UInt64 = 2022) {
    guard let shares = Self.solve(predicted: predicted, confusion: confusion) else { return nil }
    var random = SeededGenerator(seed: seed)
    let cells = confusion.flatMap { $0 }, total = cells.reduce(0, +)
    var drawn: [[Double]] = []
    for _ in 0..<draws {
      var left = labelled, rest = total
      let counts = cells.map { cell -> Double in
        let count = cell >= rest ? left : random.binomial(left, cell / rest)
        (left, rest) = (left - count, rest - cell)
        return Double(count)
      }
      let again = stride(from: 0, to: counts.count, by: confusion.count).map {
        Array(counts[$0..<$0 + confusion.count])
      }
      if let solved = Self.solve(predicted: predicted, confusion: again) { drawn.append(solved) }
    }
    var estimates: [ShareEstimate] = []
    for label in shares.indices {
      let values = drawn.map { $0[label] }
      // If no draw changes the share, its interval is unknown, not empty.
      guard let interval = ConfusionMatrixBootstrap.interval(of: values) else { return nil }
      let deviation = Moments.squaredDistances(values) / Double(values.count - 1)
      estimates.append(
        ShareEstimate(
          shares[label], standardError: deviation.squareRoot(), low: interval.low, high: interval.high))
    }
    self.shares = estimates
  }

  /// The shares; nil if the system of equations has no single solution.
  package static func solve(predicted: [Int], confusion: [[Double]]) -> [Double]? {
    let labels = confusion.count, total = Double(predicted.reduce(0, +))
    precondition(predicted.count == labels && confusion.allSatisfy { $0.count == labels }, "a square of labels")
    guard total > 0 else { return nil }
    // Row i: the probability of the answer i for each true label, and the share of that answer. A label without labelled
    // posts counts as always recognised.
    var rows = (0..<labels).map { answer in
      (0..<labels).map { truth -> Double in
        let posts = confusion[truth].reduce(0, +)
        return posts > 0 ? confusion[truth][answer] / posts : (truth == answer ? 1 : 0)
      } + [Double(predicted[answer]) / total]
    }
    for column in 0..<labels {
      guard let pivot = (column..<labels).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
        abs(rows[pivot][column]) > 1e-9
      else { return nil }
      rows.swapAt(column, pivot)
      for row in 0..<labels where row != column {
        let factor = rows[row][column] / rows[column][column]
        guard factor != 0 else { continue }
        for place in column...labels { rows[row][place] -= factor * rows[column][place] }
      }
    }
    let clipped = (0..<labels).map { min(max(rows[$0][labels] / rows[$0][$0], 0), 1) }
    let sum = clipped.reduce(0, +)
    return sum > 0 ? clipped.map { $0 / sum } : nil
  }
}
