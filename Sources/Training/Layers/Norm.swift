internal import CKernels
internal import Tensors

/// y = (x − mean) / √(variance + ε) · gain + shift on every row.
struct Norm {
  private let gain: Parameters.Place
  private let shift: Parameters.Place
  private let epsilon: Float

  /// The layer `name`: `name.weight` and `name.bias`.
  init(_ parameters: Parameters, _ name: String, epsilon: Double) {
    gain = parameters[name + ".weight"]
    shift = parameters[name + ".bias"]
    self.epsilon = Float(epsilon)
  }

  /// What the way back needs.
  struct Saved {
    let x: Rows
    /// A row's mean and 1 / √(variance + ε).
    let stats: UnsafeMutablePointer<Float>
  }

  /// Keeps x.
  func forward(_ x: Rows, _ pass: Pass) throws(TensorError) -> (y: Rows, saved: Saved) {
    let y = try pass.rows(x.count, x.width), stats = try pass.memory.take(2 * x.padded)
    let weights = pass.parameters.weights.base
    try pass.shareRows(x.padded, width: x.width) { rows in
      ckernels_norm(
        x.row(rows.lowerBound), y.row(rows.lowerBound), stats + 2 * rows.lowerBound, rows.count, x.width,
        weights + gain.offset, weights + shift.offset, epsilon)
    }
    return (y, Saved(x: x, stats: stats))
  }

  /// Turns dy into the gradient by the input, or adds that to `dx`; the gradients of gain and shift grow.
  func backward(_ dy: Rows, _ saved: Saved, addingTo dx: Rows? = nil, _ pass: Pass) throws(TensorError) {
    let (x, stats) = (saved.x, saved.stats)
    let gains = pass.parameters.gradient(gain), shifts = pass.parameters.gradient(shift)
    try pass.shareColumns(x.width) { columns in
      ckernels_norm_gradients(
        x.base + columns.lowerBound, stats, dy.base + columns.lowerBound, x.count, x.width, columns.count,
        gains + columns.lowerBound, shifts + columns.lowerBound)
    }
    let weights = pass.parameters.weights.base + gain.offset
    try pass.shareRows(x.count, width: x.width) { rows in
      let first = rows.lowerBound
      ckernels_norm_back(
        x.row(first), stats + 2 * first, weights, dy.row(first), (dx ?? dy).row(first), rows.count, x.width,
        dx == nil ? 0 : 1)
    }
  }
}
