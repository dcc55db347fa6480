internal import COneDNN

/// What one worker needs beside the weights: memory for intermediate results and the products' plans.
///
/// One for each worker thread, used by that thread only and made by it. It grows to the largest batch it has seen.
public final class Workspace {
  private let arena = Arena()
  private var scratch: AlignedBuffer?
  private var products: [Product.Key: Product] = [:]

  /// The floating-point operations of matrix products so far, those within attention included: two for each product
  /// of two numbers that counts.
  package var operations = 0

  /// Called with each stage of a forward pass, its name and where its sequences lie; for those who
  /// explain a post, and for tests.
  package var onStage: ((String, MatrixView, RowSpans) -> Void)?

  /// Asked before every intermediate result and between the parts of an attention: a batch of long texts may take
  /// minutes. Yes ends the pass with `interrupted`.
  package var shouldStop: (() -> Bool)?

  /// An empty workspace.
  public init() {}

  /// The bytes held for intermediate results.
  public var bytes: Int { (arena.capacity + (scratch?.count ?? 0)) * MemoryLayout<Float>.stride }

  /// `count` floats whose values are not defined, until the enclosing `temporarily` ends.
  public func take(_ count: Int) throws(TensorError) -> UnsafeMutablePointer<Float> { try arena.take(count) }

  /// A matrix whose values are not defined, until the enclosing `temporarily` ends.
  public func matrix(rows: Int, width: Int) throws(TensorError) -> Matrix {
    try checkStop()
    return Matrix(base: try arena.take(Matrix.capacity(rows) * width), rows: rows, width: width)
  }

  /// Ends a pass that nobody wants any more.
  func checkStop() throws(TensorError) {
    if shouldStop?() == true { throw .interrupted }
  }

  /// Runs `body` and gives back the memory that was taken in it.
  public func temporarily<Result>(_ body: () throws(TensorError) -> Result) throws(TensorError) -> Result {
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

  /// The library's names of the kernels that this workspace's products have run so far.
  package var implementations: Set<String> { Set(products.values.map(\.implementation)) }

  /// Hands a stage to whoever listens.
  package func note(_ name: String, _ stage: MatrixView, _ spans: RowSpans) { onStage?(name, stage, spans) }

  /// The plan for such a product, made on first use and kept.
  func product(_ key: Product.Key, like weights: PackedWeights) throws(TensorError) -> Product {
    if let product = products[key] { return product }
    let product = try Product(key, like: weights)
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
