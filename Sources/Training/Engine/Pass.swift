internal import CKernels
internal import Models
internal import Tensors

/// What one step's layers share: the parameters, the threads, memory, and dropout's place.
final class Pass {
  let parameters: Parameters
  let crew: Crew
  let memory = StepMemory()
  /// What the factors of products are rounded to; sums and all between products are f32.
  let format: NumberFormat
  /// The parameters in bf16, where products use that.
  private let halves: UnsafeMutablePointer<UInt16>?
  private let plans: [Plans]
  /// What is dropped in this step; nil where nothing is, as when scoring.
  var dropout: Dropout?
  private var site: UInt32 = 0
  /// Asked before every product and every attention, on the thread that began the step: a step of long texts may take
  /// minutes.
  var shouldStop: () -> Bool = { false }

  init(_ parameters: Parameters, crew: Crew, format: NumberFormat) {
    (self.parameters, self.crew, self.format) = (parameters, crew, format)
    plans = (0..<crew.members).map { _ in Plans() }
    halves = format == .bf16 ? .allocate(capacity: parameters.count) : nil
  }

  deinit { halves?.deallocate() }

  /// To be called after the parameters changed, and before the first step.
  func roundParameters() throws(TensorError) {
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

  /// Begins a step: dropout's places are counted from the first again.
  func begin(dropping dropout: Dropout?) {
    self.dropout = dropout
    site = 0
  }

  /// The next place where something may be dropped; the same in every step.
  func nextSite() -> UInt32 {
    site += 1
    return site
  }

  /// Ends the step where somebody asked for that; no parameter has changed by then.
  func checkStop() throws(TensorError) {
    if shouldStop() { throw .interrupted }
  }

  /// Rows in the step's memory.
  func rows(_ count: Int, _ width: Int) throws(TensorError) -> Rows {
    Rows(base: try memory.take(Rows.padded(count) * width), count: count, width: width)
  }

  /// Rows of zeros.
  func zeros(_ count: Int, _ width: Int) throws(TensorError) -> Rows {
    let rows = try rows(count, width)
    rows.clear()
    return rows
  }

  /// Gives back what `body` takes.
  func temporarily<Result>(_ body: () throws(TensorError) -> Result) throws(TensorError) -> Result {
    let mark = memory.mark
    defer { memory.release(to: mark) }
    return try body()
  }

  // MARK: - Sharing work. What the parts are depends on the sizes alone.

  /// Numbers in parts of 16,384, which are multiples of 64.
  func shareNumbers(_ count: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = 16_384
    try crew.share((count + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, count))
    }
  }

  /// Rows in parts of about 16,384 numbers.
  func shareRows(_ rows: Int, width: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = max(16_384 / width, 1)
    try crew.share((rows + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, rows))
    }
  }

  /// Columns in parts of 64.
  func shareColumns(_ width: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = 64
    try crew.share((width + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, width))
    }
  }

  /// y += x.
  func add(_ x: Rows, to y: Rows) throws(TensorError) {
    try shareNumbers(x.numbers) { range in
      ckernels_add(x.base + range.lowerBound, y.base + range.lowerBound, range.count)
    }
  }

  /// A product, its rows in an even number of parts of at most 128.
  func multiply(
    _ key: Plans.Key, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, bias: UnsafePointer<Float>? = nil,
    into c: UnsafeMutablePointer<Float>
  ) throws(TensorError) {
    try checkStop()
    let parts = key.rows < 64 ? 1 : 2 * ((key.rows + 255) / 256)
    // Parts are multiples of 16 rows, so that few sizes of plans occur.
    let size = ((key.rows + parts - 1) / parts + 15) / 16 * 16
    let step = (key.isATurned ? 1 : key.aStride) * (key.format == .bf16 ? 2 : 4)
    try crew.share((key.rows + size - 1) / size) { (part, member) throws(TensorError) in
      var part_key = key
      part_key.rows = min(size, key.rows - part * size)
      try plans[member].multiply(
        part_key, a + part * size * step, b, bias: bias, into: c + part * size * key.cStride)
    }
  }

  /// The library's names of the kernels in use.
  var implementations: Set<String> { plans.reduce(into: []) { $0.formUnion($1.implementations) } }
}

/// What a step drops.
package struct Dropout: Sendable {
  /// The share of numbers that is dropped.
  let share: Double
  /// The run's seed.
  let seed: UInt64
  /// The step's number, and within it the part of its posts.
  let step: UInt32
  let part: UInt32

  /// What drops numbers with the chance `share`, 0 up to 1.
  package init(share: Double, seed: UInt64, step: UInt32, part: UInt32) {
    (self.share, self.seed, self.step, self.part) = (share, seed, step, part)
  }

  /// The kernels' view of it, at a place of the network.
  func at(_ site: UInt32) -> ckernels_dropout {
    let least = UInt32(clamping: Int((share * 4_294_967_296).rounded()))
    return ckernels_dropout(
      seed: seed, site: site, step: step, part: part, least: least, scale: Float(1 / (1 - share)))
  }
}
