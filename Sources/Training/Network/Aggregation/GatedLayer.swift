internal import Glibc
internal import Tensors

/// g ∘ t + (1 − g) ∘ v with g = sigmoid(W·[t; v] + b), t and v being the means of text and picture.
struct GatedLayer {
  private let gate: Linear

  init(_ parameters: Parameters) { gate = Linear(parameters, "join.gate") }

  /// What the way back needs.
  struct Saved {
    fileprivate let joined: Operand
    fileprivate let gates: Rows
  }

  func forward(_ streams: Streams, _ pass: Pass) throws(TensorError) -> (pooled: Rows, saved: Saved) {
    let (text, image) = (streams.textMean, streams.imageMean), width = text.width
    let joined = try pass.zeros(streams.posts, 2 * width), pooled = try pass.zeros(streams.posts, width)
    for post in 0..<streams.posts {
      joined.row(post).update(from: text.row(post), count: width)
      (joined.row(post) + width).update(from: image.row(post), count: width)
    }
    let operand = try pass.operand(joined), gates = try gate.forward(operand, pass)
    for index in 0..<streams.posts * width {
      let g = 1 / (1 + expf(-gates.base[index]))
      gates.base[index] = g
      pooled.base[index] = g * text.base[index] + (1 - g) * image.base[index]
    }
    return (pooled, Saved(joined: operand, gates: gates))
  }

  func backward(
    _ d: Rows, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: Pass
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let (text, image) = (streams.textMean, streams.imageMean), width = d.width
      let inner = try pass.zeros(d.count, width), joined = try pass.rows(d.count, 2 * width)
      for index in 0..<d.count * width {
        let g = saved.gates.base[index], dy = d.base[index]
        inner.base[index] = dy * (text.base[index] - image.base[index]) * g * (1 - g)
        gradients.textMean.base[index] += dy * g
        gradients.imageMean.base[index] += dy * (1 - g)
      }
      try gate.backward(inner, of: saved.joined, into: joined, pass)
      for post in 0..<d.count {
        let from = joined.row(post)
        for column in 0..<width {
          gradients.textMean.row(post)[column] += from[column]
          gradients.imageMean.row(post)[column] += from[width + column]
        }
      }
    }
  }
}
