package import Evaluation

/// What a confusion matrix comes to, in a few passes over its counts: a bootstrap asks thousands of matrices.
///
/// The numbers are those of `ClassificationMetrics` and `MatrixMetrics`; a ratio without cases is 0.
package struct MatrixNumbers {
  private var hits: [Double]
  private var truths: [Double]
  private var predicted: [Double]

  /// Adds a matrix up. O(rows · columns).
  package init(_ matrix: ConfusionMatrix) {
    let counts = matrix.counts, columns = counts.first?.count ?? 0
    hits = Array(repeating: 0, count: counts.count)
    (truths, predicted) = (hits, hits)
    for (row, line) in counts.enumerated() {
      for column in 0..<columns {
        let count = Double(line[column])
        truths[row] += count
        predicted[column] += count
      }
      if row < columns { hits[row] = Double(line[row]) }
    }
  }

  private var total: Double { truths.reduce(0, +) }

  /// The share that is right.
  package var accuracy: Double { total > 0 ? hits.reduce(0, +) / total : 0 }

  /// The plain mean of the recalls of labels that occur as truth.
  package var balancedAccuracy: Double {
    let recalls = truths.indices.filter { truths[$0] > 0 }.map { hits[$0] / truths[$0] }
    return recalls.isEmpty ? 0 : recalls.reduce(0, +) / Double(recalls.count)
  }

  /// The plain mean of F1 over labels that occur.
  package var macroF1: Double {
    let scores = truths.indices.filter { truths[$0] + predicted[$0] > 0 }.map(f1)
    return scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
  }

  /// The mean of F1 by number of true posts.
  package var weightedF1: Double {
    total > 0 ? truths.indices.reduce(0) { $0 + truths[$1] * f1($1) } / total : 0
  }

  /// F1 of one row's label.
  package func f1(_ row: Int) -> Double {
    let both = truths[row] + predicted[row]
    return both > 0 ? 2 * hits[row] / both : 0
  }

  /// Matthews' correlation.
  package var correlation: Double {
    let n = total
    let (truthSquares, predictedSquares) = (Self.product(truths, truths), Self.product(predicted, predicted))
    let spread = ((n * n - truthSquares) * (n * n - predictedSquares)).squareRoot()
    return spread > 0 ? (hits.reduce(0, +) * n - Self.product(truths, predicted)) / spread : 0
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
