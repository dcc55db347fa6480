internal import Glibc
internal import Models
internal import Tensors

/// Pools a text's tokens into one vector.
struct PoolingLayer {
  private let pooling: Pooling
  private let first: Linear?

  init(_ parameters: Parameters, _ pooling: Pooling) {
    self.pooling = pooling
    first = pooling == .cls ? Linear(parameters, "pooler") : nil
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let firsts: Operand?
    fileprivate let pooled: Matrix
    /// For each post and column, the row of the largest number; −1 for none.
    fileprivate let largest: [Int]
    fileprivate let spans: [Range<Int>]
  }

  func forward(_ x: Matrix, _ spans: [Range<Int>], _ pass: StepContext) throws(TensorError) -> (
    y: Matrix, saved: Saved
  ) {
    var largest: [Int] = [], firsts: Operand?, y: Matrix
    switch pooling {
    case .mean: y = try MeanPooling.forward(x, spans, pass)
    case .max:
      y = try pass.zeros(spans.count, x.width)
      for (post, span) in spans.enumerated() {
        for column in 0..<x.width {
          // A zero takes part, as if the text were padded.
          var best: Float = 0, from = -1
          for row in span where !(x.row(row)[column] <= best) { (best, from) = (x.row(row)[column], row) }
          y.row(post)[column] = best
          largest.append(from)
        }
      }
    case .cls:
      let rows = try pass.zeros(spans.count, x.width)
      for (post, span) in spans.enumerated() {
        rows.row(post).update(from: x.row(span.lowerBound), count: x.width)
      }
      let operand = try pass.operand(rows)
      firsts = operand
      guard let first else { preconditionFailure("a layer for the first token") }
      y = try first.forward(operand, pass)
      for index in 0..<y.numbers { y.base[index] = tanhf(y.base[index]) }
    }
    return (y, Saved(firsts: firsts, pooled: y, largest: largest, spans: spans))
  }

  /// Writes the gradient with respect to x.
  func backward(_ dy: Matrix, _ saved: Saved, into dx: Matrix, _ pass: StepContext) throws(TensorError) {
    dx.clear()
    switch pooling {
    case .mean: MeanPooling.backward(dy, saved.spans, addingTo: dx)
    case .max:
      for post in saved.spans.indices {
        for column in 0..<dx.width {
          let row = saved.largest[post * dx.width + column]
          if row >= 0 { dx.row(row)[column] += dy.row(post)[column] }
        }
      }
    case .cls:
      try pass.temporarily { () throws(TensorError) in
        guard let first, let firsts = saved.firsts else { return }
        let inner = try pass.zeros(dy.rows, dy.width), back = try pass.matrix(dy.rows, dx.width)
        for index in 0..<dy.rows * dy.width {
          let y = saved.pooled.base[index]
          inner.base[index] = dy.base[index] * (1 - y * y)
        }
        try first.backward(inner, of: firsts, into: back, pass)
        for (post, span) in saved.spans.enumerated() {
          dx.row(span.lowerBound).update(from: back.row(post), count: dx.width)
        }
      }
    }
  }
}

/// The mean of each span's rows: their sum times 1 / count. Scoring's `VectorMath.mean` divides instead, which differs
/// in the last bit.
enum MeanPooling {
  static func forward(_ x: Matrix, _ spans: [Range<Int>], _ pass: StepContext) throws(TensorError) -> Matrix {
    let y = try pass.zeros(spans.count, x.width)
    for (post, span) in spans.enumerated() where !span.isEmpty {
      let to = y.row(post), share = 1 / Float(span.count)
      for row in span {
        let from = x.row(row)
        for column in 0..<x.width { to[column] += from[column] }
      }
      for column in 0..<x.width { to[column] *= share }
    }
    return y
  }

  static func backward(_ dy: Matrix, _ spans: [Range<Int>], addingTo dx: Matrix) {
    for (post, span) in spans.enumerated() where !span.isEmpty {
      let from = dy.row(post), share = 1 / Float(span.count)
      for row in span {
        let to = dx.row(row)
        for column in 0..<dx.width { to[column] += from[column] * share }
      }
    }
  }
}
