internal import CKernels

extension PackedLinear {
  /// Where a result goes.
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
  ) throws(TensorError) -> Product {
    // What follows a product of bytes is not the library's.
    let bytes = format == .int8
    let key = Product.Key(
      inputs: inputs, outputs: outputs, format: format, result: bytes ? format : result,
      activation: bytes ? .none : activation, accumulates: accumulates && !bytes)
    return try workspace.product(key, like: weights)
  }

  /// What is rounded for one block is still in the cache when it is multiplied.
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

  /// GELU, rounded to bf16: the library's takes a tenth of the time of its product, ours half of that, a pass included.
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

  /// The products of bytes, each block followed by the pass that makes numbers of its sums.
  private func run(
    rows: Int, _ activation: Activation, into y: Target, _ plan: Product, _ columns: QuantisedColumns,
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
