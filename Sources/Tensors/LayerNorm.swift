internal import CKernels

/// y = (x − mean) / √(variance + ε) · weight + bias on every token; the variance is the biased one.
///
/// For scoring: its parameters are constant, so workers share them. ``NormLayer`` runs the same kernel on parameters
/// that change, and keeps the values that the backward pass needs.
package struct LayerNorm: Sendable {
  private let weight: [Float]
  private let bias: [Float]
  private let epsilon: Float

  /// `weight` and `bias`: one number for each column.
  package init(weight: [Float], bias: [Float], epsilon: Float) {
    precondition(weight.count == bias.count, "weight and bias are equally wide")
    (self.weight, self.bias, self.epsilon) = (weight, bias, epsilon)
  }

  /// Normalises every row of x in place.
  package func callAsFunction(_ x: Matrix) {
    precondition(x.width == weight.count, "x is as wide as the weight")
    ckernels_layer_norm(x.base, x.base, nil, x.rows, x.width, weight, bias, epsilon)
  }

  /// The normalised rows of x, in a matrix of the workspace.
  package func callAsFunction(_ x: MatrixView, using workspace: Workspace) throws(TensorError) -> Matrix {
    precondition(x.width == weight.count && x.stride == x.width, "x is dense and as wide as the weight")
    let y = try workspace.matrix(rows: x.rows, width: x.width)
    ckernels_layer_norm(x.base, y.base, nil, x.rows, x.width, weight, bias, epsilon)
    return y
  }

  /// Writes the normalised rows of x to y.
  package func callAsFunction(_ x: Matrix, into y: Matrix) {
    precondition(
      x.width == weight.count && y.width == x.width && y.rows == x.rows, "x and y are as wide as the weight")
    ckernels_layer_norm(x.base, y.base, nil, x.rows, x.width, weight, bias, epsilon)
  }
}

/// ``LayerNorm`` of every row and its backward pass, for trainable parameters.
package struct NormLayer {
  private let weight: Parameters.Place
  private let bias: Parameters.Place
  private let epsilon: Float

  /// The layer `name`: `name.weight` and `name.bias`.
  package init(_ parameters: Parameters, _ name: String, epsilon: Double) {
    weight = parameters[name + ".weight"]
    bias = parameters[name + ".bias"]
    self.epsilon = Float(epsilon)
  }

  /// The values that the backward pass needs.
  package struct Saved {
    fileprivate let x: Matrix
    /// A row's mean and 1 / √(variance + ε).
    fileprivate let stats: UnsafeMutablePointer<Float>
  }

  /// Keeps x.
  package func forward(_ x: Matrix, _ pass: StepContext) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let y = try pass.matrix(x.rows, x.width), stats = try pass.memory.take(2 * x.capacity)
    let weights = pass.parameters.weights.base
    try pass.shareRows(x.capacity, width: x.width) { rows in
      ckernels_layer_norm(
        x.row(rows.lowerBound), y.row(rows.lowerBound), stats + 2 * rows.lowerBound, rows.count, x.width,
        weights + weight.offset, weights + bias.offset, epsilon)
    }
    return (y, Saved(x: x, stats: stats))
  }

  /// Converts dy into the gradient with respect to the input, or adds it to `dx`; adds to the gradients of weight and
  /// bias.
  package func backward(_ dy: Matrix, _ saved: Saved, addingTo dx: Matrix? = nil, _ pass: StepContext)
    throws(TensorError)
  {
    let (x, stats) = (saved.x, saved.stats)
    let gains = pass.parameters.gradient(weight), shifts = pass.parameters.gradient(bias)
    try pass.shareColumns(x.width) { columns in
      ckernels_norm_gradients(
        x.base + columns.lowerBound, stats, dy.base + columns.lowerBound, x.rows, x.width, columns.count,
        gains + columns.lowerBound, shifts + columns.lowerBound)
    }
    let weights = pass.parameters.weights.base + weight.offset
    try pass.shareRows(x.rows, width: x.width) { rows in
      let first = rows.lowerBound
      ckernels_norm_back(
        x.row(first), stats + 2 * first, weights, dy.row(first), (dx ?? dy).row(first), rows.count, x.width,
        dx == nil ? 0 : 1)
    }
  }
}
