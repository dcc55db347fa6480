internal import CKernels
internal import COneDNN

/// y = x·Wᵀ + b on every token, with W in the order in which the library multiplies fastest.
///
/// Immutable, so workers share one. A row of the result has the same bits whatever the other rows are.
package struct PackedLinear: Sendable {
  /// The width of x.
  package let inputs: Int
  /// The width of y.
  package let outputs: Int
  /// The format that x and W are rounded to; y is f32.
  package let format: NumberFormat
  let weights: PackedWeights
  /// The data of int8, other than W.
  let columns: QuantisedColumns?

  /// Packs a matrix.
  ///
  /// - Parameters:
  ///   - weight: W, outputs × inputs, row by row.
  ///   - bias: b, one number for each output.
  ///   - format: one that `isFast`, since otherwise products are very slow, and whose `longestSum` is at least
  ///     `inputs`.
  /// - Throws: `TensorError` if there is not enough memory or the library fails.
  package init(
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
  /// - Throws: `TensorError` if there is not enough memory or the library fails.
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
  package func callAsFunction(
    _ x: MatrixView, _ activation: Activation = .none, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let y = try workspace.matrix(rows: x.rows, width: outputs)
    try run(x, activation, into: .matrix(y), using: workspace)
    return y
  }

  /// y = x·Wᵀ + b, rounded to a format for attention to read.
  package func callAsFunction(
    _ x: MatrixView, in format: NumberFormat, using workspace: Workspace
  ) throws(TensorError) -> Operand {
    let y = try workspace.operand(rows: x.rows, width: outputs, format: format)
    try run(x, .none, into: .operand(y), using: workspace)
    return y
  }

  /// y = x·Wᵀ + b, rounded to the format of y, which has a row for each row of x.
  package func callAsFunction(_ x: MatrixView, into y: Operand, using workspace: Workspace) throws(TensorError) {
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(x, .none, into: .operand(y), using: workspace)
  }

  /// f(x·Wᵀ + b) for a layer of the same format to read; f is a kind of GELU, or nothing.
  package func activated(
    _ x: MatrixView, _ activation: Activation, using workspace: Workspace
  ) throws(TensorError) -> Operand {
    precondition(activation != .relu, "the product itself does this activation")
    let y = try workspace.operand(rows: x.rows, width: outputs, format: format)
    try run(x, activation, into: .operand(y), using: workspace)
    return y
  }

  /// y += x·Wᵀ + b: the residual connection needs no separate pass.
  package func add(_ x: MatrixView, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(x, .none, into: .sum(y), using: workspace)
  }

  /// y += x·Wᵀ + b, x from a layer of the same format.
  package func add(_ x: Operand, to y: Matrix, using workspace: Workspace) throws(TensorError) {
    precondition(x.width == inputs && x.format == format, "x is as wide as W and in its format")
    precondition(y.rows == x.rows && y.width == outputs, "y has a row for each row of x")
    try run(rows: x.rows, .none, into: .sum(y), using: workspace) { x.block(from: $0) }
  }
}

extension PackedLinear {
  /// The destination of a result.
  enum Target {
    case matrix(Matrix)
    case sum(Matrix)
    case operand(Operand)

    var format: NumberFormat { if case .operand(let y) = self { y.format } else { .f32 } }
    var accumulates: Bool { if case .sum = self { true } else { false } }

    func row(_ index: Int) -> UnsafeMutableRawPointer {
      switch self {
      case .matrix(let y), .sum(let y): UnsafeMutableRawPointer(y.row(index))
      case .operand(let y): y.block(from: index).base
      }
    }
  }

  func plan(
    _ activation: Activation, _ result: NumberFormat, accumulates: Bool, _ workspace: Workspace
  ) throws(TensorError) -> Matmul {
    // The library does not handle the steps after a product of bytes.
    let bytes = format == .int8
    let key = Matmul.Key(
      inputs: inputs, outputs: outputs, format: format, result: bytes ? format : result,
      activation: bytes ? .none : activation, accumulates: accumulates && !bytes)
    return try workspace.product(key, like: weights)
  }

  /// Works block by block, so that the rounded rows are still in the cache when they are multiplied.
  func run(
    _ x: MatrixView, _ activation: Activation, into y: Target, using workspace: Workspace
  ) throws(TensorError) {
    precondition(x.width == inputs, "x is as wide as W")
    try workspace.temporarily { () throws(TensorError) in
      let scratch = try workspace.operand(rows: 1, width: inputs, format: format)
      try run(rows: x.rows, activation, into: y, using: workspace) { x.block(from: $0, in: scratch) }
    }
  }

  func run(
    rows: Int, _ activation: Activation, into y: Target, using workspace: Workspace,
    _ x: (_ first: Int) -> Operand
  ) throws(TensorError) {
    workspace.operations += 2 * rows * inputs * outputs
    if format == .bf16, activation == .gelu, case .operand(let y) = y {
      return try activate(rows: rows, into: y, using: workspace, x)
    }
    let plan = try plan(activation, y.format, accumulates: y.accumulates, workspace)
    if let columns { return try run(rows: rows, activation, into: y, plan, columns, using: workspace, x) }
    for first in stride(from: 0, to: rows, by: Matrix.block) {
      try plan.run(weights, x(first).base, into: y.row(first), using: workspace)
    }
    guard activation == .relu, case .matrix(let y) = y else { return }
    let numbers = UnsafeMutableBufferPointer(start: y.base, count: y.rows * y.width)
    for index in numbers.indices { numbers[index] = numbers[index] < 0 ? 0 : numbers[index] }
  }

  /// GELU, rounded to bf16: the library's takes a tenth of the time of its product, ours half of that, including a
  /// pass.
  private func activate(
    rows: Int, into y: Operand, using workspace: Workspace, _ x: (_ first: Int) -> Operand
  ) throws(TensorError) {
    let plan = try plan(.none, .f32, accumulates: false, workspace)
    try workspace.temporarily { () throws(TensorError) in
      let sums = try workspace.take(Matrix.block * outputs)
      for first in stride(from: 0, to: rows, by: Matrix.block) {
        try plan.run(weights, x(first).base, into: sums, using: workspace)
        let block = y.block(from: first)
        ckernels_gelu_bf16(sums, block.base.assumingMemoryBound(to: UInt16.self), block.rows * outputs)
      }
    }
  }

  /// Computes the products of bytes; after each block a pass converts its sums to numbers.
  private func run(
    rows: Int, _ activation: Activation, into y: Target, _ plan: Matmul, _ columns: QuantisedColumns,
    using workspace: Workspace, _ x: (_ first: Int) -> Operand
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let count = Matrix.block * outputs, row = try workspace.take(outputs)
      let sums = UnsafeMutableRawPointer(try workspace.take(count)).bindMemory(to: Int32.self, capacity: count)
      for first in stride(from: 0, to: rows, by: Matrix.block) {
        let x = x(first)
        try plan.run(weights, x.base, into: sums, using: workspace)
        switch y {
        case .matrix(let y): columns.finish(sums, of: x, activation, into: y.row(first))
        case .sum(let y): columns.finish(sums, of: x, activation, accumulates: true, into: y.row(first))
        case .operand(let y): columns.finish(sums, of: x, activation, into: y, at: first, row: row)
        }
      }
    }
  }
}

/// A packed W, and b unless W is of bytes. Nothing writes to them after `init`, so threads may share them.
final class PackedWeights: @unchecked Sendable {
  let handle: OpaquePointer

  /// Packs W and b, W rounded to `format`.
  convenience init(
    _ weight: UnsafeBufferPointer<Float>, bias: [Float], inputs: Int, format: NumberFormat
  ) throws(TensorError) {
    try self.init(weight.baseAddress, bias, format, outputs: bias.count, inputs: inputs)
  }

  /// Packs bytes.
  convenience init(_ bytes: [Int8], outputs: Int, inputs: Int) throws(TensorError) {
    try self.init(bytes, nil, .int8, outputs: outputs, inputs: inputs)
  }

  private init(
    _ weight: UnsafeRawPointer?, _ bias: UnsafePointer<Float>?, _ format: NumberFormat, outputs: Int, inputs: Int
  ) throws(TensorError) {
    var made: OpaquePointer?
    let status = conednn_weights_create(&made, format.code, weight, bias, Int64(outputs), Int64(inputs))
    guard status == 0, let made else {
      throw .library(
        operation: "packing weights of \(outputs) × \(inputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
  }

  deinit { conednn_weights_destroy(handle) }

  /// The bytes that they take.
  var bytes: Int { withExtendedLifetime(self) { conednn_weights_bytes(handle) } }
}
