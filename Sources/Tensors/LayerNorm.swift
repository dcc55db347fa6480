internal import CKernels

/// y = (x − mean) / √(variance + ε) · gain + shift on every token; the variance is the biased one.
public struct LayerNorm: Sendable {
  private let gain: [Float]
  private let shift: [Float]
  private let epsilon: Float

  /// `gain` and `shift`: one number for each column.
  public init(gain: [Float], shift: [Float], epsilon: Float) {
    precondition(gain.count == shift.count, "gain and shift are equally wide")
    (self.gain, self.shift, self.epsilon) = (gain, shift, epsilon)
  }

  /// Normalises every row of x where it is.
  public func callAsFunction(_ x: Matrix) {
    precondition(x.width == gain.count, "x is as wide as the gain")
    ckernels_layer_norm(x.base, x.base, x.rows, x.width, gain, shift, epsilon)
  }

  /// The normalised rows of x, in a matrix of the workspace.
  public func callAsFunction(_ x: MatrixView, using workspace: Workspace) throws(TensorError) -> Matrix {
    precondition(x.width == gain.count && x.stride == x.width, "x is dense and as wide as the gain")
    let y = try workspace.matrix(rows: x.rows, width: x.width)
    ckernels_layer_norm(x.base, y.base, x.rows, x.width, gain, shift, epsilon)
    return y
  }

  /// Writes the normalised rows of x to y.
  public func callAsFunction(_ x: Matrix, into y: Matrix) {
    precondition(
      x.width == gain.count && y.width == x.width && y.rows == x.rows, "x and y are as wide as the gain")
    ckernels_layer_norm(x.base, y.base, x.rows, x.width, gain, shift, epsilon)
  }
}
