internal import CKernels

/// The state that the layers share during one step: parameters, threads, memory, and dropout's position.
package final class StepContext {
  package let parameters: Parameters
  package let threadPool: ThreadPool
  package let memory = StepArena()
  /// The format to which the factors of products are rounded; sums and everything between products are f32.
  let format: NumberFormat
  /// The parameters in bf16, if products use it.
  private let halves: UnsafeMutablePointer<UInt16>?
  private let matmulCaches: [MatmulCache]
  /// The dropout of this step; nil if nothing is dropped, as in scoring.
  private(set) var dropout: Dropout?
  private var site: UInt32 = 0
  /// Called before every product and every attention, on the thread that began the step: a step with long texts may
  /// take minutes.
  package var shouldStop: () -> Bool = { false }

  package init(_ parameters: Parameters, threadPool: ThreadPool, format: NumberFormat) {
    (self.parameters, self.threadPool, self.format) = (parameters, threadPool, format)
    matmulCaches = (0..<threadPool.members).map { _ in MatmulCache() }
    halves = format == .bf16 ? .allocate(capacity: parameters.count) : nil
  }

  deinit { halves?.deallocate() }

  /// Call this after the parameters changed, and before the first step.
  package func roundParameters() throws(TensorError) {
    guard let halves else { return }
    let count = parameters.count
    try shareNumbers(count) { range in
      ckernels_bf16(parameters.weights.base + range.lowerBound, halves + range.lowerBound, range.count)
    }
  }

  /// The parameters from `place` on, as products read them.
  func factor(_ place: Parameters.Place) -> UnsafeRawPointer {
    if let halves { return UnsafeRawPointer(halves + place.offset) }
    return UnsafeRawPointer(parameters.weights.base + place.offset)
  }

  /// Begins a step: dropout's sites are counted from the first again.
  package func begin(dropping dropout: Dropout?) {
    self.dropout = dropout
    site = 0
  }

  /// The next site where values may be dropped; the same in every step.
  func nextSite() -> UInt32 {
    site += 1
    return site
  }

  /// Throws if a stop was requested; no parameter has changed by then.
  func checkStop() throws(TensorError) {
    if shouldStop() { throw .interrupted }
  }

  /// A matrix in the step's memory, whose values are not defined.
  package func matrix(_ rows: Int, _ width: Int) throws(TensorError) -> Matrix {
    let capacity = Matrix.stepCapacity(rows)
    return Matrix(base: try memory.take(capacity * width), rows: rows, width: width, capacity: capacity)
  }

  /// A matrix of zeros.
  package func zeros(_ rows: Int, _ width: Int) throws(TensorError) -> Matrix {
    let matrix = try matrix(rows, width)
    matrix.clear()
    return matrix
  }

  /// Releases everything that `body` allocates.
  @inlinable package func temporarily<Result>(
    _ body: () throws(TensorError) -> Result
  ) throws(TensorError) -> Result {
    let mark = memory.mark
    defer { memory.release(to: mark) }
    return try body()
  }

  // MARK: - Sharing work. What the parts are depends on the sizes alone.

  /// Numbers in parts of 16,384, which are multiples of 64.
  package func shareNumbers(_ count: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = 16_384
    try threadPool.share((count + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, count))
    }
  }

  /// Rows in parts of about 16,384 numbers.
  package func shareRows(_ rows: Int, width: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = max(16_384 / width, 1)
    try threadPool.share((rows + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, rows))
    }
  }

  /// Columns in parts of 64.
  package func shareColumns(_ width: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = 64
    try threadPool.share((width + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, width))
    }
  }

  /// y += x.
  package func add(_ x: Matrix, to y: Matrix) throws(TensorError) {
    try shareNumbers(x.numbers) { range in
      ckernels_add(x.base + range.lowerBound, y.base + range.lowerBound, range.count)
    }
  }

  /// Adds rows of x to others, in this order: `sums` are pairs of a row of x and the first number to which it is added.
  ///
  /// By columns: if several rows are added to the same numbers, one thread does it, in order.
  package func add(
    rowsOf x: Matrix, _ sums: [(row: Int, to: UnsafeMutablePointer<Float>)]
  ) throws(TensorError) {
    try shareColumns(x.width) { columns in
      for (row, to) in sums { ckernels_add(x.row(row) + columns.lowerBound, to + columns.lowerBound, columns.count) }
    }
  }

  /// A product, with its rows in an even number of parts of at most 128.
  func multiply(
    _ key: MatmulCache.Key, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, bias: UnsafePointer<Float>? = nil,
    into c: UnsafeMutablePointer<Float>
  ) throws(TensorError) {
    try checkStop()
    let parts = key.rows < 64 ? 1 : 2 * ((key.rows + 255) / 256)
    // Parts are multiples of 16 rows, so that few sizes of products occur.
    let size = ((key.rows + parts - 1) / parts + 15) / 16 * 16
    let step = (key.transposeA ? 1 : key.aStride) * (key.format == .bf16 ? 2 : 4)
    try threadPool.share((key.rows + size - 1) / size) { (part, member) throws(TensorError) in
      var part_key = key
      part_key.rows = min(size, key.rows - part * size)
      try matmulCaches[member].multiply(
        part_key, a + part * size * step, b, bias: bias, into: c + part * size * key.cStride)
    }
  }

  /// The library's names of the kernels in use.
  package var implementations: Set<String> { matmulCaches.reduce(into: []) { $0.formUnion($1.implementations) } }
}

extension StepContext {
  /// The rows as a factor of products: unchanged, or rounded to bf16 in the step's memory.
  package func operand(_ x: Matrix) throws(TensorError) -> Operand {
    guard format == .bf16 else {
      // Products only read it.
      return Operand(base: UnsafeMutableRawPointer(x.base), rows: x.rows, width: x.width, format: .f32, tokens: nil)
    }
    let raw = UnsafeMutableRawPointer(try memory.take((x.numbers + 1) / 2))
    let halves = raw.bindMemory(to: UInt16.self, capacity: x.numbers)
    try shareNumbers(x.numbers) { range in
      ckernels_bf16(x.base + range.lowerBound, halves + range.lowerBound, range.count)
    }
    return Operand(base: raw, rows: x.rows, width: x.width, format: .bf16, tokens: nil)
  }
}
