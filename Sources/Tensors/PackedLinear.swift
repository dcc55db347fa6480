internal import COneDNN

/// What is applied to each result of a linear layer. All hand on NaN, so that trouble shows at the end.
public enum Activation: Sendable {
  /// Nothing.
  case none
  /// max(x, 0).
  case relu
  /// x Φ(x), the exact form with the error function.
  case gelu
  /// x σ(1.702 x), as CLIP was trained with.
  case quickGELU
  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))), as SigLIP was trained with.
  case tanhGELU

  /// What the product does by the way.
  var code: conednn_activation {
    switch self {
    case .none, .relu: CONEDNN_NONE
    case .gelu: CONEDNN_GELU
    case .quickGELU: CONEDNN_QUICK_GELU
    case .tanhGELU: CONEDNN_TANH_GELU
    }
  }
}

/// y = x·Wᵀ + b on every token, with W in the order that the library multiplies fastest.
///
/// Immutable, so workers share one. A row of the result has the same bits whatever rows are beside it.
public struct PackedLinear: Sendable {
  /// The width of x.
  public let inputs: Int
  /// The width of y.
  public let outputs: Int
  /// What x and W are rounded to; y is f32.
  public let format: NumberFormat
  let weights: PackedWeights
  /// What int8 has beside W.
  let columns: QuantisedColumns?

  /// Packs a matrix.
  ///
  /// - Parameters:
  ///   - weight: W, outputs × inputs, row by row.
  ///   - bias: b, one number for each output.
  ///   - format: one that `isFast` here, or the products take very long, and whose `longestSum` inputs do not pass.
  /// - Throws: `TensorError` if memory or the library refuses.
  public init(
    weight: UnsafeBufferPointer<Float>, bias: [Float], format: NumberFormat = .f32
  ) throws(TensorError) {
    precondition(!bias.isEmpty && weight.count.isMultiple(of: bias.count), "W has a row for each number of b")
    let (inputs, outputs) = (weight.count / bias.count, bias.count)
    precondition(inputs <= format.longestSum, "a sum of so many products may not fit")
    (self.inputs, self.outputs, self.format) = (inputs, outputs, format)
    if format == .int8 {
      let bytes = QuantisedMatrix(rounding: weight, outputs: outputs)
      weights = try PackedWeights(bytes.bytes, outputs: outputs, inputs: inputs)
      columns = QuantisedColumns(bytes, bias: bias)
    } else {
      weights = try PackedWeights(weight, bias: bias, inputs: inputs, format: format)
      columns = nil
    }
  }

  /// Packs a matrix that is in bytes already, for products of bytes.
  ///
  /// - Throws: `TensorError` if memory or the library refuses.
  package init(_ weight: QuantisedMatrix, bias: [Float]) throws(TensorError) {
    precondition(weight.scales.count == bias.count, "W has a row for each number of b")
    precondition(weight.inputs <= NumberFormat.int8.longestSum, "a sum of so many products may not fit")
    (inputs, outputs, format) = (weight.inputs, bias.count, .int8)
    weights = try PackedWeights(weight.bytes, outputs: bias.count, inputs: weight.inputs)
    columns = QuantisedColumns(weight, bias: bias)
  }

  /// The bytes that W and b take.
  package var bytes: Int { weights.bytes + (columns?.bytes ?? 0) }

  /// y = f(x·Wᵀ + b), in a matrix of the workspace.
  ///
  /// Takes 2 · rows · inputs · outputs floating-point operations.
  public func callAsFunction(
    _ x: MatrixView, _ activation: Activation = .none, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let y = try workspace.matrix(rows: x.rows, width: outputs)
    try run(x, activation, into: .matrix(y), using: workspace)
    return y
  }

  /// y = x·Wᵀ + b, rounded to a format for attention to read.
  public func callAsFunction(
    _ x: MatrixView, in format: NumberFormat, using workspace: Workspace
  ) throws(TensorError) -> Operand {
    let y = try workspace.operand(rows: x.rows, width: outputs, format: format)
    try run(x, .none, into: .operand(y), using: workspace)
    return y
  }

  /// y = x·Wᵀ + b, rounded to the format of y, which has a row for each row of x.
  public func callAsFunction(_ x: MatrixView, into y: Operand, using workspace: Workspace) throws(TensorError) {
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(x, .none, into: .operand(y), using: workspace)
  }

  /// f(x·Wᵀ + b) for a layer of the same format to read; f is a kind of GELU, or nothing.
  public func activated(
    _ x: MatrixView, _ activation: Activation, using workspace: Workspace
  ) throws(TensorError) -> Operand {
    precondition(activation != .relu, "the product itself does this activation")
    let y = try workspace.operand(rows: x.rows, width: outputs, format: format)
    try run(x, activation, into: .operand(y), using: workspace)
    return y
  }

  /// y += x·Wᵀ + b: the residual connection costs no pass of its own.
  public func add(_ x: MatrixView, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(x, .none, into: .sum(y), using: workspace)
  }

  /// y += x·Wᵀ + b, x from a layer of the same format.
  public func add(_ x: Operand, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(x.width == inputs && x.format == format, "x is as wide as W and in its format")
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(rows: x.rows, .none, into: .sum(y), using: workspace) { x.block(from: $0) }
  }

  /// The library's names of the kernels for such products, with the activation, handed on, and added.
  package func implementations(using workspace: Workspace) throws(TensorError) -> Set<String> {
    [
      try plan(.none, .f32, accumulates: false, workspace).implementation,
      try plan(.none, format, accumulates: false, workspace).implementation,
      try plan(.gelu, .f32, accumulates: false, workspace).implementation,
      try plan(.none, .f32, accumulates: true, workspace).implementation,
    ]
  }
}
