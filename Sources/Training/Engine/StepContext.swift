internal import CKernels
internal import Models
internal import Tensors

/// What one step's layers share: the parameters, the threads, memory, and dropout's place.
final class StepContext {
  let parameters: Parameters
  let threadPool: ThreadPool
  let memory = StepArena()
  /// What the factors of products are rounded to; sums and all between products are f32.
  let format: NumberFormat
  /// The parameters in bf16, where products use that.
  private let halves: UnsafeMutablePointer<UInt16>?
  private let matmulCaches: [MatmulCache]
  /// What is dropped in this step; nil where nothing is, as when scoring.
  var dropout: Dropout?
  private var site: UInt32 = 0
  /// Asked before every product and every attention, on the thread that began the step: a step of long texts may take
  /// minutes.
  var shouldStop: () -> Bool = { false }

  init(_ parameters: Parameters, threadPool: ThreadPool, format: NumberFormat) {
    (self.parameters, self.threadPool, self.format) = (parameters, threadPool, format)
    matmulCaches = (0..<threadPool.members).map { _ in MatmulCache() }
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

  /// StepMatrix in the step's memory.
  func rows(_ count: Int, _ width: Int) throws(TensorError) -> StepMatrix {
    StepMatrix(base: try memory.take(StepMatrix.padded(count) * width), count: count, width: width)
  }

  /// A matrix of zeros.
  func zeros(_ count: Int, _ width: Int) throws(TensorError) -> StepMatrix {
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
    try threadPool.share((count + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, count))
    }
  }

  /// StepMatrix in parts of about 16,384 numbers.
  func shareRows(_ rows: Int, width: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = max(16_384 / width, 1)
    try threadPool.share((rows + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, rows))
    }
  }

  /// Columns in parts of 64.
  func shareColumns(_ width: Int, _ body: (Range<Int>) -> Void) throws(TensorError) {
    let size = 64
    try threadPool.share((width + size - 1) / size) { (part, _) throws(TensorError) in
      body(part * size..<min((part + 1) * size, width))
    }
  }

  /// y += x.
  func add(_ x: StepMatrix, to y: StepMatrix) throws(TensorError) {
    try shareNumbers(x.numbers) { range in
      ckernels_add(x.base + range.lowerBound, y.base + range.lowerBound, range.count)
    }
  }

  /// A product, its rows in an even number of parts of at most 128.
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
  var implementations: Set<String> { matmulCaches.reduce(into: []) { $0.formUnion($1.implementations) } }
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

/// What a model has learnt, in one piece of memory, and in a second the gradient by it.
///
/// Written by the one who trains, between the steps; the pool's threads read it, and write gradients apart.
final class Parameters: @unchecked Sendable {
  /// Where a tensor's numbers stand.
  struct Place: Sendable {
    let name: String
    let shape: [Int]
    /// Its first number's place, a multiple of 16.
    let offset: Int
    /// How many numbers it has.
    var count: Int { shape.reduce(1, *) }
    /// The places of its numbers.
    var range: Range<Int> { offset..<offset + count }
  }

  /// The tensors in the order of the forward pass.
  let places: [Place]
  let weights: AlignedBuffer
  let gradients: AlignedBuffer
  private let byName: [String: Int]

  /// Takes memory for such a model: zeros.
  init(_ tensors: [ModelConfiguration.TensorShape]) throws(TensorError) {
    var places: [Place] = [], offset = 0
    for tensor in tensors {
      places.append(Place(name: tensor.name, shape: tensor.shape, offset: offset))
      offset += (tensor.count + 15) / 16 * 16
    }
    self.places = places
    byName = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1.name, $0) })
    weights = try AlignedBuffer(count: offset)
    gradients = try AlignedBuffer(count: offset)
  }

  /// All numbers, those between tensors included.
  var count: Int { weights.count }

  /// The tensor of this name, which the model must have: layers are made from the configuration that named it.
  subscript(name: String) -> Place {
    guard let index = byName[name] else { preconditionFailure("the model has a tensor \(name)") }
    return places[index]
  }

  /// The tensor's numbers.
  func values(_ place: Place) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: weights.base + place.offset, count: place.count)
  }

  /// The gradient by the tensor's numbers.
  func gradient(_ place: Place) -> UnsafeMutablePointer<Float> { gradients.base + place.offset }

  /// Makes all gradients zeros.
  func clearGradients() { gradients.base.update(repeating: 0, count: gradients.count) }
}
