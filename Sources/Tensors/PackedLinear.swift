internal import COneDNN

/// What is applied to each result of a linear layer. All hand on NaN, so that trouble shows at the end.
public enum Activation: Sendable {
  /// Nothing.
  case none
  /// max(x, 0).
  case relu
  /// x Φ(x), the exact form with the error function.
  case gelu

  /// What the product does by the way.
  var code: conednn_activation {
    switch self {
    case .none, .relu: CONEDNN_NONE
    case .gelu: CONEDNN_GELU
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
  private let storage: PackedWeights

  /// Packs a matrix.
  ///
  /// - Parameters:
  ///   - weight: W, outputs × inputs, row by row.
  ///   - bias: b, one number for each output.
  ///   - format: one that `isFast` here, or the products take very long.
  /// - Throws: `TensorError` if memory or the library refuses.
  public init(
    weight: UnsafeBufferPointer<Float>, bias: [Float], format: NumberFormat = .f32
  ) throws(TensorError) {
    precondition(!bias.isEmpty && weight.count.isMultiple(of: bias.count), "W has a row for each number of b")
    outputs = bias.count
    inputs = weight.count / bias.count
    self.format = format
    storage = try PackedWeights(weight: weight, bias: bias, inputs: inputs, format: format)
  }

  /// The bytes that W and b take.
  public var bytes: Int { storage.bytes }

  /// y = f(x·Wᵀ + b), in a matrix of the workspace.
  ///
  /// Takes 2 · rows · inputs · outputs floating-point operations.
  public func callAsFunction(
    _ x: MatrixView, _ activation: Activation = .none, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let y = try workspace.matrix(rows: x.rows, width: outputs)
    let plan = try plan(activation, using: workspace)
    try run(x, plan, using: workspace) { UnsafeMutableRawPointer(y.row($0)) }
    if activation == .relu {
      let numbers = UnsafeMutableBufferPointer(start: y.base, count: y.rows * y.width)
      for index in numbers.indices { numbers[index] = numbers[index] < 0 ? 0 : numbers[index] }
    }
    return y
  }

  /// GELU(x·Wᵀ + b) for a layer of the same format to read.
  public func gelu(_ x: MatrixView, using workspace: Workspace) throws(TensorError) -> Operand {
    let y = try workspace.operand(rows: x.rows, width: outputs, format: format)
    let plan = try plan(.gelu, result: format, using: workspace)
    try run(x, plan, using: workspace) { y.row($0) }
    return y
  }

  /// y += x·Wᵀ + b: the residual connection costs no pass of its own.
  public func add(_ x: MatrixView, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    let plan = try plan(accumulates: true, using: workspace)
    try run(x, plan, using: workspace) { UnsafeMutableRawPointer(y.row($0)) }
  }

  /// y += x·Wᵀ + b, x from a layer of the same format.
  public func add(_ x: Operand, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(x.width == inputs && x.format == format, "x is as wide as W and in its format")
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    let plan = try plan(accumulates: true, using: workspace)
    for first in stride(from: 0, to: x.rows, by: Matrix.block) {
      try plan.run(storage, x.row(first), into: y.row(first), using: workspace)
    }
  }

  /// The library's names of the kernels for such products, with the activation, handed on, and added.
  package func implementations(using workspace: Workspace) throws(TensorError) -> Set<String> {
    [
      try plan(using: workspace).implementation, try plan(.gelu, using: workspace).implementation,
      try plan(.gelu, result: format, using: workspace).implementation,
      try plan(accumulates: true, using: workspace).implementation,
    ]
  }

  private func plan(
    _ activation: Activation = .none, result: NumberFormat = .f32, accumulates: Bool = false,
    using workspace: Workspace
  ) throws(TensorError) -> Product {
    let key = Product.Key(
      inputs: inputs, outputs: outputs, format: format, result: result, activation: activation,
      accumulates: accumulates)
    return try workspace.product(key, like: storage)
  }

  /// Runs block by block; what is rounded for one block is still in the cache when it is multiplied.
  private func run(
    _ x: MatrixView, _ plan: Product, using workspace: Workspace,
    into y: (_ row: Int) -> UnsafeMutableRawPointer
  ) throws(TensorError) {
    precondition(x.width == inputs, "x is as wide as W")
    try workspace.temporarily { () throws(TensorError) in
      let scratch = try workspace.operand(rows: 1, width: inputs, format: format).base
      for first in stride(from: 0, to: x.rows, by: Matrix.block) {
        try plan.run(storage, x.block(from: first, as: format, in: scratch), into: y(first), using: workspace)
      }
    }
  }
}
