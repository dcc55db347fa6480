internal import CKernels

/// y = x·Wᵀ + b, for W of outputs × inputs, which changes from step to step.
///
/// Scoring multiplies by the same W with ``PackedLinear``, which reorders it once.
package struct Linear {
  private let weight: Parameters.Place
  private let bias: Parameters.Place?
  let inputs: Int
  package let outputs: Int

  /// The layer `name`: `name.weight`, whose axes after the first are flattened, and `name.bias` if there is one.
  package init(_ parameters: Parameters, _ name: String, hasBias: Bool = true) {
    weight = parameters[name + ".weight"]
    bias = hasBias ? parameters[name + ".bias"] : nil
    outputs = weight.shape[0]
    inputs = weight.count / outputs
  }

  /// Takes 2 · rows · inputs · outputs floating-point operations.
  package func forward(_ x: Operand, _ pass: StepContext) throws(TensorError) -> Matrix {
    let y = try pass.matrix(x.rows, outputs)
    let key = MatmulCache.Key(
      format: pass.format, rows: Matrix.stepCapacity(x.rows), columns: outputs, inner: inputs, aStride: inputs,
      bStride: inputs,
      cStride: outputs, transposeB: true, isBiased: bias != nil)
    try pass.multiply(
      key, x.base, pass.factor(weight), bias: bias.map { UnsafePointer(pass.parameters.weights.base + $0.offset) },
      into: y.base)
    return y
  }

  /// dW += dyᵀ·x, db += Σ dy, and, if requested, dx = dy·W or dx += dy·W.
  package func backward(
    _ dy: Matrix, of x: Operand, into dx: Matrix? = nil, accumulating: Bool = false, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let factor = try pass.operand(dy)
      let turned = MatmulCache.Key(
        format: pass.format, rows: outputs, columns: inputs, inner: Matrix.stepCapacity(x.rows), aStride: outputs,
        bStride: inputs,
        cStride: inputs, transposeA: true, accumulates: true)
      try pass.multiply(turned, factor.base, x.base, into: pass.parameters.gradient(weight))
      if let dx {
        let key = MatmulCache.Key(
          format: pass.format, rows: Matrix.stepCapacity(x.rows), columns: inputs, inner: outputs, aStride: outputs,
          bStride: inputs,
          cStride: inputs, accumulates: accumulating)
        try pass.multiply(key, factor.base, pass.factor(weight), into: dx.base)
      }
    }
    guard let bias else { return }
    let sums = pass.parameters.gradient(bias)
    try pass.shareColumns(outputs) { columns in
      ckernels_column_sums(dy.base + columns.lowerBound, dy.rows, outputs, columns.count, sums + columns.lowerBound)
    }
  }
}
