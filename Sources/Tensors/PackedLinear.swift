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
  private let storage: Storage

  /// Packs a matrix.
  ///
  /// - Parameters:
  ///   - weight: W, outputs × inputs, row by row.
  ///   - bias: b, one number for each output.
  /// - Throws: `TensorError` if memory or the library refuses.
  public init(weight: UnsafeBufferPointer<Float>, bias: [Float]) throws(TensorError) {
    precondition(!bias.isEmpty && weight.count.isMultiple(of: bias.count), "W has a row for each number of b")
    outputs = bias.count
    inputs = weight.count / bias.count
    storage = try Storage(weight: weight, bias: bias, outputs: outputs, inputs: inputs)
  }

  /// The bytes that W and b take.
  public var bytes: Int { withExtendedLifetime(storage) { conednn_weights_bytes(storage.handle) } }

  /// y = f(x·Wᵀ + b), in a matrix of the workspace.
  ///
  /// Takes 2 · rows · inputs · outputs floating-point operations.
  public func callAsFunction(
    _ x: MatrixView, _ activation: Activation = .none, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let y = try workspace.matrix(rows: x.rows, width: outputs)
    try run(x, into: y, activation, accumulates: false, using: workspace)
    if activation == .relu {
      let numbers = UnsafeMutableBufferPointer(start: y.base, count: y.rows * y.width)
      for index in numbers.indices { numbers[index] = numbers[index] < 0 ? 0 : numbers[index] }
    }
    return y
  }

  /// y += x·Wᵀ + b: the residual connection costs no pass of its own.
  public func add(_ x: MatrixView, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(x, into: y, .none, accumulates: true, using: workspace)
  }

  /// The library's name of the kernel for such a product.
  package func implementation(
    _ activation: Activation = .none, accumulates: Bool = false, using workspace: Workspace
  ) throws(TensorError) -> String {
    try product(activation, accumulates, workspace).implementation
  }

  private func product(
    _ activation: Activation, _ accumulates: Bool, _ workspace: Workspace
  ) throws(TensorError) -> Product {
    let key = Product.Key(
      inputs: inputs, outputs: outputs, activation: activation, accumulates: accumulates)
    return try workspace.product(key, like: storage.handle)
  }

  private func run(
    _ x: MatrixView, into y: Matrix, _ activation: Activation, accumulates: Bool, using workspace: Workspace
  ) throws(TensorError) {
    precondition(x.width == inputs && x.stride == inputs, "x is dense and as wide as W")
    let product = try product(activation, accumulates, workspace)
    let scratch = try workspace.scratch(bytes: product.scratchBytes)
    // The handles below do not keep their owners alive.
    defer { withExtendedLifetime((product, storage)) {} }
    for first in stride(from: 0, to: x.rows, by: Matrix.block) {
      precondition(x.readableRows - first >= Matrix.block, "there is a whole block to read")
      let status = conednn_product_run(
        product.handle, storage.handle, x.row(first), y.row(first), scratch)
      guard status == 0 else {
        throw .library(operation: "a product", reason: String(cString: conednn_status_words(status)))
      }
    }
  }
}

/// The packed numbers. Nothing writes to them after `init`, so threads may share them.
private final class Storage: @unchecked Sendable {
  let handle: OpaquePointer

  init(
    weight: UnsafeBufferPointer<Float>, bias: [Float], outputs: Int, inputs: Int
  ) throws(TensorError) {
    var made: OpaquePointer?
    let status = conednn_weights_create(&made, weight.baseAddress, bias, Int64(outputs), Int64(inputs))
    guard status == 0, let made else {
      throw .library(
        operation: "packing weights of \(outputs) × \(inputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
  }

  deinit { conednn_weights_destroy(handle) }
}
