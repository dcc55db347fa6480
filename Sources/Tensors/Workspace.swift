internal import COneDNN
internal import Glibc

/// The memory of one worker, except the weights: intermediate results and the plans of products.
///
/// There is one for each worker thread, created and used only by that thread. It grows to the largest batch so far.
package final class Workspace {
  private let arena = Arena()
  private var scratch: AlignedBuffer?
  private var products: [Matmul.Key: Matmul] = [:]

  /// The floating-point operations of matrix products so far, including those within attention: two for each product of
  /// two numbers in use.
  package var operations = 0

  /// Called with each stage of a forward pass, with its name and the positions of its sequences; for explanations and
  /// tests.
  package var onStage: ((String, MatrixView, RowSpans) -> Void)?

  /// Receives the attention weights of a forward pass; nil, the default, costs nothing.
  package var attentionObserver: (any AttentionObserver)?

  /// Called before every intermediate result and between the parts of an attention: a batch of long texts may take
  /// minutes. If it returns true, the pass ends with `interrupted`.
  package var shouldStop: (() -> Bool)?

  /// An empty workspace.
  package init() {}

  /// The bytes held for intermediate results.
  package var bytes: Int { (arena.capacity + (scratch?.count ?? 0)) * MemoryLayout<Float>.stride }

  /// `count` floats whose values are not defined, until the enclosing `temporarily` ends.
  package func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> { try arena.take(count) }

  /// A matrix whose values are not defined, until the enclosing `temporarily` ends.
  package func matrix(rows: Int, width: Int) throws(TensorError) -> Matrix {
    try checkStop()
    let capacity = Matrix.capacity(rows)
    return Matrix(base: try arena.take(capacity * width), rows: rows, width: width, capacity: capacity)
  }

  /// Throws if the result of the pass is no longer needed.
  func checkStop() throws(TensorError) {
    if shouldStop?() == true { throw .interrupted }
  }

  /// Runs `body` and releases the memory that it allocated.
  package func temporarily<Result>(_ body: () throws(TensorError) -> Result) throws(TensorError) -> Result {
    let mark = arena.mark
    let result: Result
    do {
      result = try body()
    } catch {
      try arena.release(to: mark)
      throw error
    }
    try arena.release(to: mark)
    return result
  }

  /// The library's names for the kernels that this workspace's products have used so far.
  package var implementations: Set<String> { Set(products.values.map(\.implementation)) }

  /// Passes a stage to the observer.
  package func note(_ name: String, _ stage: MatrixView, _ spans: RowSpans) { onStage?(name, stage, spans) }

  /// The plan for a product with this key, made on first use and kept.
  func product(_ key: Matmul.Key, like weights: PackedWeights) throws(TensorError) -> Matmul {
    if let product = products[key] { return product }
    let product = try Matmul(key, like: weights)
    products[key] = product
    return product
  }

  /// Memory that the library uses during one call.
  func scratch(bytes: Int) throws(TensorError) -> UnsafeMutableRawPointer {
    let floats = (bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
    if let scratch, scratch.count >= floats { return UnsafeMutableRawPointer(scratch.base) }
    let grown = try AlignedBuffer(count: max(floats, 1024))
    scratch = grown
    return UnsafeMutableRawPointer(grown.base)
  }
}

/// Memory for the intermediate results of one forward pass, allocated in order and released together.
///
/// The first passes grow it; after that a pass allocates nothing from the system. Pointers stay valid until the mark
/// before them is released.
final class Arena {
  /// A position to return to.
  struct Mark {
    fileprivate let block: Int
    fileprivate let used: Int
  }

  private var blocks: [AlignedBuffer] = []
  private var block = 0
  private var used = 0

  /// Sixteen floats are a cache line.
  private static let line = 16
  /// The minimum allocation: 1 MiB.
  private static let smallest = 262_144

  /// The number of floats allocated from the system so far.
  var capacity: Int { blocks.reduce(0) { $0 + $1.count } }

  var mark: Mark { Mark(block: block, used: used) }

  /// `count` floats whose values are not defined, aligned to 64 bytes.
  func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> {
    let rounded = (count + Arena.line - 1) / Arena.line * Arena.line
    while block < blocks.count {
      if rounded <= blocks[block].count - used {
        defer { used += rounded }
        return blocks[block].base + used
      }
      block += 1
      used = 0
    }
    // Doubling keeps the number of blocks small until `release` joins them.
    blocks.append(try AlignedBuffer(count: max(rounded, capacity, Arena.smallest)))
    used = rounded
    return blocks[block].base
  }

  /// Releases everything allocated after `mark`.
  func release(to mark: Mark) throws(TensorError) {
    (block, used) = (mark.block, mark.used)
    guard block == 0, used == 0, blocks.count > 1 else { return }
    let total = capacity
    blocks = []
    blocks.append(try AlignedBuffer(count: total))
  }
}

/// Floats aligned to a cache line, initially zero, freed with the last reference.
///
/// Not `Sendable`, since its owner may write to it. Wrap it when it no longer changes.
package final class AlignedBuffer {
  /// The first of `count` floats, aligned to 64 bytes.
  package let base: UnsafeMutablePointer<Float>
  /// How many floats there are.
  package let count: Int

  /// Takes `count` floats of zeros.
  package init(count: Int) throws(TensorError) {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Float>.stride)
    guard count >= 0, !overflow, bytes <= Int.max - 63 else { throw .outOfMemory(bytes: Int.max) }
    let rounded = (bytes + 63) & ~63
    guard let memory = aligned_alloc(64, rounded) else { throw .outOfMemory(bytes: rounded) }
    memset(memory, 0, rounded)
    base = memory.bindMemory(to: Float.self, capacity: rounded / MemoryLayout<Float>.stride)
    self.count = count
  }

  deinit { free(base) }
}
