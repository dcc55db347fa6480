internal import CKernels
internal import Tensors

/// y = x·Wᵀ + b, for W of outputs × inputs.
struct Linear {
  private let weight: Parameters.Place
  private let bias: Parameters.Place?
  let inputs: Int
  let outputs: Int

  /// The layer `name`: `name.weight`, whose axes behind the first are one, and `name.bias` if it has one.
  init(_ parameters: Parameters, _ name: String, hasBias: Bool = true) {
    weight = parameters[name + ".weight"]
    bias = hasBias ? parameters[name + ".bias"] : nil
    outputs = weight.shape[0]
    inputs = weight.count / outputs
  }

  /// Takes 2 · rows · inputs · outputs floating-point operations.
  func forward(_ x: MatmulOperand, _ pass: StepContext) throws(TensorError) -> StepMatrix {
    let y = try pass.rows(x.count, outputs)
    let key = MatmulCache.Key(
      format: pass.format, rows: x.padded, columns: outputs, inner: inputs, aStride: inputs, bStride: inputs,
      cStride: outputs, transposeB: true, isBiased: bias != nil)
    try pass.multiply(
      key, x.base, pass.factor(weight), bias: bias.map { UnsafePointer(pass.parameters.weights.base + $0.offset) },
      into: y.base)
    return y
  }

  /// dW += dyᵀ·x, db += Σ dy, and dx = dy·W where it is asked for, or dx += that.
  func backward(
    _ dy: StepMatrix, of x: MatmulOperand, into dx: StepMatrix? = nil, accumulating: Bool = false, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let factor = try pass.operand(dy)
      let turned = MatmulCache.Key(
        format: pass.format, rows: outputs, columns: inputs, inner: x.padded, aStride: outputs, bStride: inputs,
        cStride: inputs, transposeA: true, accumulates: true)
      try pass.multiply(turned, factor.base, x.base, into: pass.parameters.gradient(weight))
      if let dx {
        let key = MatmulCache.Key(
          format: pass.format, rows: x.padded, columns: inputs, inner: outputs, aStride: outputs, bStride: inputs,
          cStride: inputs, accumulates: accumulating)
        try pass.multiply(key, factor.base, pass.factor(weight), into: dx.base)
      }
    }
    guard let bias else { return }
    let sums = pass.parameters.gradient(bias)
    try pass.shareColumns(outputs) { columns in
      ckernels_column_sums(dy.base + columns.lowerBound, dy.count, outputs, columns.count, sums + columns.lowerBound)
    }
  }
}

/// y = (x − mean) / √(variance + ε) · weight + bias on every row.
struct Norm {
  private let weight: Parameters.Place
  private let bias: Parameters.Place
  private let epsilon: Float

  /// The layer `name`: `name.weight` and `name.bias`.
  init(_ parameters: Parameters, _ name: String, epsilon: Double) {
    weight = parameters[name + ".weight"]
    bias = parameters[name + ".bias"]
    self.epsilon = Float(epsilon)
  }

  /// What the way back needs.
  struct Saved {
    let x: StepMatrix
    /// A row's mean and 1 / √(variance + ε).
    let stats: UnsafeMutablePointer<Float>
  }

  /// Keeps x.
  func forward(_ x: StepMatrix, _ pass: StepContext) throws(TensorError) -> (y: StepMatrix, saved: Saved) {
    let y = try pass.rows(x.count, x.width), stats = try pass.memory.take(2 * x.padded)
    let weights = pass.parameters.weights.base
    try pass.shareRows(x.padded, width: x.width) { rows in
      ckernels_norm(
        x.row(rows.lowerBound), y.row(rows.lowerBound), stats + 2 * rows.lowerBound, rows.count, x.width,
        weights + weight.offset, weights + bias.offset, epsilon)
    }
    return (y, Saved(x: x, stats: stats))
  }

  /// Turns dy into the gradient by the input, or adds that to `dx`; the gradients of weight and bias grow.
  func backward(_ dy: StepMatrix, _ saved: Saved, addingTo dx: StepMatrix? = nil, _ pass: StepContext)
    throws(TensorError)
  {
    let (x, stats) = (saved.x, saved.stats)
    let gains = pass.parameters.gradient(weight), shifts = pass.parameters.gradient(bias)
    try pass.shareColumns(x.width) { columns in
      ckernels_norm_gradients(
        x.base + columns.lowerBound, stats, dy.base + columns.lowerBound, x.count, x.width, columns.count,
        gains + columns.lowerBound, shifts + columns.lowerBound)
    }
    let weights = pass.parameters.weights.base + weight.offset
    try pass.shareRows(x.count, width: x.width) { rows in
      let first = rows.lowerBound
      ckernels_norm_back(
        x.row(first), stats + 2 * first, weights, dy.row(first), (dx ?? dy).row(first), rows.count, x.width,
        dx == nil ? 0 : 1)
    }
  }
}

/// W2·f(W1·x + b1) + b2 on every row, f being GELU or ReLU.
struct FeedForwardLayer {
  private let first: Linear
  private let second: Linear
  private let activation: ActivationLayer
  /// Whether numbers between the two products are dropped: the picture encoder's are.
  private let dropsInside: Bool

  /// The layers `name.fc1` and `name.fc2`.
  init(_ parameters: Parameters, _ name: String, _ activation: ActivationLayer, dropsInside: Bool = false) {
    first = Linear(parameters, name + ".fc1")
    second = Linear(parameters, name + ".fc2")
    (self.activation, self.dropsInside) = (activation, dropsInside)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let x: MatmulOperand
    fileprivate let before: StepMatrix
    fileprivate let after: MatmulOperand
    fileprivate let inside: DropoutSite?
  }

  func forward(_ x: MatmulOperand, _ pass: StepContext) throws(TensorError) -> (y: StepMatrix, saved: Saved) {
    let before = try first.forward(x, pass)
    var after = try activation.forward(before, pass)
    let inside = dropsInside ? DropoutSite(pass) : nil
    if let inside { after = try inside.forward(after, pass) }
    let operand = try pass.operand(after)
    return (try second.forward(operand, pass), Saved(x: x, before: before, after: operand, inside: inside))
  }

  /// dx = the gradient by x, or dx += that; nothing where it is not asked for.
  func backward(
    _ dy: StepMatrix, _ saved: Saved, into dx: StepMatrix?, accumulating: Bool, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      var d = try pass.rows(dy.count, first.outputs)
      try second.backward(dy, of: saved.after, into: d, pass)
      if let inside = saved.inside { d = try inside.backward(d, pass) }
      try activation.backward(d, of: saved.before, pass)
      try first.backward(d, of: saved.x, into: dx, accumulating: accumulating, pass)
    }
  }
}
