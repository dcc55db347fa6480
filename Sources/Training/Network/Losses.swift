internal import Glibc

/// Symmetric InfoNCE between student vectors and a teacher's (CLFA, section 3.3; in-batch negatives): L = ½ CE(a·cᵀ /
/// τ) + ½ CE(c·aᵀ / τ), where a and c are normalised and post i's target is i.
package enum AlignmentLoss {
  /// The loss, and its gradient with respect to each student vector. Takes O(n² · D) time.
  ///
  /// `students` and `teachers`: n vectors of D numbers each. The loss of no vectors is 0.
  package static func of(
    _ students: [[Float]], _ teachers: [[Float]], temperature: Double
  ) -> (loss: Double, gradients: [[Float]]) {
    let count = students.count
    guard count > 0 else { return (0, []) }
    let a = students.map(normalised), c = teachers.map(normalised)
    var scores = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0..<count { scores[i][j] = dot(a[i].vector, c[j].vector) / temperature }
    }
    // The gradient with respect to the scores: (softmax over a row + softmax over a column − 2 · target) / 2n.
    var loss = 0.0, gradient = scores
    let rows = (0..<count).map { i in logSum((0..<count).map { scores[i][$0] }) }
    let columns = (0..<count).map { j in logSum((0..<count).map { scores[$0][j] }) }
    for i in 0..<count {
      loss += (rows[i] - scores[i][i] + columns[i] - scores[i][i]) / Double(2 * count)
      for j in 0..<count {
        let shares = exp(scores[i][j] - rows[i]) + exp(scores[i][j] - columns[j])
        gradient[i][j] = (shares - (i == j ? 2 : 0)) / (Double(2 * count) * temperature)
      }
    }
    let width = a[0].vector.count
    let gradients = (0..<count).map { i in
      var back = [Double](repeating: 0, count: width)
      for j in 0..<count {
        for k in 0..<width { back[k] += gradient[i][j] * c[j].vector[k] }
      }
      // Backwards through the normalisation: the component along the vector is removed.
      let along = dot(back, a[i].vector)
      return (0..<width).map { Float((back[$0] - along * a[i].vector[$0]) / a[i].length) }
    }
    return (loss, gradients)
  }

  private static func normalised(_ vector: [Float]) -> (vector: [Double], length: Double) {
    let values = vector.map(Double.init), length = max(sqrt(dot(values, values)), 1e-12)
    return (values.map { $0 / length }, length)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  private static func logSum(_ values: [Double]) -> Double {
    let top = values.max() ?? 0
    return top + log(values.reduce(0) { $0 + exp($1 - top) })
  }
}

/// Cross-entropy of the labels: the mean over posts, weighted by label.
package enum ClassificationLoss {
  /// The loss, and its gradient with respect to each logit.
  ///
  /// A post with probabilities p, which add up to 1, costs −Σ p · ln softmax(logits); its weight is that of its label,
  /// the most probable one.
  package static func of(
    _ logits: [[Float]], _ labels: [Int], distributions: [[Double]?]? = nil, weights: [Double]?
  ) -> (loss: Double, gradients: [[Float]]) {
    let shares = labels.map { weights?[$0] ?? 1 }, total = shares.reduce(0, +)
    guard total > 0 else { return (0, logits.map { $0.map { _ in 0 } }) }
    var loss = 0.0, gradients: [[Float]] = []
    for (row, logits) in logits.enumerated() {
      let values = logits.map { Double($0) }, top = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - top) }, share = shares[row] / total
      if let target = distributions?[row] {
        // A label without probability costs nothing, whatever its logit.
        let expected = zip(target, values).reduce(0) { $1.0 == 0 ? $0 : $0 + $1.0 * $1.1 }
        loss += share * (top + log(sum) - expected)
        gradients.append(zip(values, target).map { Float(share * (exp($0 - top) / sum - $1)) })
        continue
      }
      loss += share * (top + log(sum) - values[labels[row]])
      gradients.append(
        values.enumerated().map { column, value in
          Float(share * (exp(value - top) / sum - (column == labels[row] ? 1 : 0)))
        })
    }
    return (loss, gradients)
  }
}
