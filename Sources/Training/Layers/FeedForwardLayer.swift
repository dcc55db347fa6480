internal import Tensors

/// W2·f(W1·x + b1) + b2 on every row, with f a variant of GELU or ReLU.
struct FeedForwardLayer {
  private let first: Linear
  private let second: Linear
  private let activation: Activation
  /// Whether there is dropout between the two products, as in the picture encoder.
  private let dropsInside: Bool

  /// The layers `name.fc1` and `name.fc2`.
  init(_ parameters: Parameters, _ name: String, _ activation: Activation, dropsInside: Bool = false) {
    first = Linear(parameters, name + ".fc1")
    second = Linear(parameters, name + ".fc2")
    (self.activation, self.dropsInside) = (activation, dropsInside)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let x: Operand
    fileprivate let before: Matrix
    fileprivate let after: Operand
    fileprivate let inside: DropoutSite?
  }

  func forward(_ x: Operand, _ pass: StepContext) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let before = try first.forward(x, pass)
    var after = try activation.forward(before, pass)
    let inside = dropsInside ? DropoutSite(pass) : nil
    if let inside { after = try inside.forward(after, pass) }
    let operand = try pass.operand(after)
    return (try second.forward(operand, pass), Saved(x: x, before: before, after: operand, inside: inside))
  }

  /// Computes dx, the gradient with respect to x, or adds to it; does nothing if it is not requested.
  func backward(
    _ dy: Matrix, _ saved: Saved, into dx: Matrix?, accumulating: Bool, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      var d = try pass.matrix(dy.rows, first.outputs)
      try second.backward(dy, of: saved.after, into: d, pass)
      if let inside = saved.inside { d = try inside.backward(d, pass) }
      try activation.backward(d, of: saved.before, pass)
      try first.backward(d, of: saved.x, into: dx, accumulating: accumulating, pass)
    }
  }
}
