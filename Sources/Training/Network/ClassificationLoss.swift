internal import Glibc

/// Cross-entropy of the labels, the mean over posts, each weighted as its label is.
package enum ClassificationLoss {
  /// The loss, and its gradient by each logit.
  package static func of(
    _ logits: [[Float]], _ labels: [Int], weights: [Double]?
  ) -> (loss: Double, gradients: [[Float]]) {
    let shares = labels.map { weights?[$0] ?? 1 }, total = shares.reduce(0, +)
    guard total > 0 else { return (0, logits.map { $0.map { _ in 0 } }) }
    var loss = 0.0, gradients: [[Float]] = []
    for (row, logits) in logits.enumerated() {
      let values = logits.map { Double($0) }, top = values.max() ?? 0
      let sum = values.reduce(0) { $0 + exp($1 - top) }, share = shares[row] / total
      loss += share * (top + log(sum) - values[labels[row]])
      gradients.append(
        values.enumerated().map { column, value in
          Float(share * (exp(value - top) / sum - (column == labels[row] ? 1 : 0)))
        })
    }
    return (loss, gradients)
  }
}
