internal import COneDNN
internal import Glibc

/// The library's plan for products of one size, used by the worker that created it.
///
/// All weights of a size and a format share a plan: the packed order of a matrix depends on nothing else.
final class Matmul {
  struct Key: Hashable {
    let inputs: Int
    let outputs: Int
    /// The format of x and W.
    let format: NumberFormat
    /// The format of y.
    let result: NumberFormat
    let activation: Activation
    /// Whether the product is added to the existing values.
    let accumulates: Bool
  }

  let handle: OpaquePointer
  let scratchBytes: Int

  /// `weights`: any packed weights of the key's size and format. `rows`: always one block in scoring.
  init(_ key: Key, like weights: PackedWeights, rows: Int = Matrix.block) throws(TensorError) {
    var made: OpaquePointer?
    let status = withExtendedLifetime(weights) {
      conednn_product_create(
        &made, weights.handle, Int64(rows), key.result.code, key.activation.code, key.accumulates ? 1 : 0)
    }
    guard status == 0, let made else {
      throw .library(
        operation: "planning a product of \(key.inputs) by \(key.outputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
    scratchBytes = conednn_product_scratch_bytes(made)
  }

  deinit { conednn_product_destroy(handle) }

  /// Multiplies its rows: y = x·Wᵀ + b, or as the key specifies. Both matrices have space for all rows.
  func run(
    _ weights: PackedWeights, _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, using workspace: Workspace
  ) throws(TensorError) {
    let scratch = try workspace.scratch(bytes: scratchBytes)
    let status = withExtendedLifetime((self, weights)) {
      conednn_product_run(handle, weights.handle, x, y, scratch)
    }
    guard status == 0 else {
      throw .library(operation: "a product", reason: String(cString: conednn_status_words(status)))
    }
  }

  /// The library's name for the kernel it chose.
  var implementation: String { String(cString: conednn_product_implementation(handle)) }
}

/// The speed of the library alone: products in one thread without anything else.
///
/// The fastest of some shapes of the published model counts, with many rows and packed weights. It must be used on the
/// thread that created it.
package final class MatmulPeak {
  private static let shapes = [(768, 3072), (3072, 768), (768, 2304), (1024, 1024)]
  private static let rows = 1024

  private struct Candidate {
    let product: Matmul
    let weights: PackedWeights
    let operations: Int
  }

  private let workspace = Workspace()
  private let x: UnsafeMutableRawPointer
  private let y: UnsafeMutableRawPointer
  private var best: Candidate

  /// Tries every shape for a moment.
  package init(format: NumberFormat) throws(TensorError) {
    let largest = Self.rows * 3072
    x = UnsafeMutableRawPointer(try workspace.take(largest))
    y = UnsafeMutableRawPointer(try workspace.take(largest))
    x.initializeMemory(as: UInt8.self, repeating: 0x3F, count: largest * MemoryLayout<Float>.stride)
    y.initializeMemory(as: UInt8.self, repeating: 0x3F, count: largest * MemoryLayout<Float>.stride)
    var fastest: (candidate: Candidate, rate: Double)?
    for (inputs, outputs) in Self.shapes {
      let weights = try Self.weights(format, outputs: outputs, inputs: inputs)
      for result in Set([format, .f32]) where format != .int8 || result == .int8 {
        let key = Matmul.Key(
          inputs: inputs, outputs: outputs, format: format, result: result, activation: .none, accumulates: false)
        let candidate = Candidate(
          product: try Matmul(key, like: weights, rows: Self.rows), weights: weights,
          operations: 2 * Self.rows * inputs * outputs)
        _ = try Self.rate(of: candidate, x, y, seconds: 0.02, workspace)
        let rate = try Self.rate(of: candidate, x, y, seconds: 0.1, workspace)
        if rate > fastest?.rate ?? 0 { fastest = (candidate, rate) }
      }
    }
    guard let fastest else { preconditionFailure("there are shapes") }
    best = fastest.candidate
  }

  /// Operations per second of this thread's time, over about `seconds`.
  package func measure(seconds: Double) throws(TensorError) -> Double {
    try Self.rate(of: best, x, y, seconds: seconds, workspace)
  }

  private static func rate(
    of candidate: Candidate, _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer, seconds: Double,
    _ workspace: Workspace
  ) throws(TensorError) -> Double {
    let start = ThreadTime.now
    var passed = 0.0, runs = 0
    repeat {
      try candidate.product.run(candidate.weights, x, into: y, using: workspace)
      runs += 1
      passed = ThreadTime.now - start
    } while passed < seconds
    return Double(runs * candidate.operations) / passed
  }

  private static func weights(
    _ format: NumberFormat, outputs: Int, inputs: Int
  ) throws(TensorError) -> PackedWeights {
    if format == .int8 {
      return try PackedWeights([Int8](repeating: 1, count: outputs * inputs), outputs: outputs, inputs: inputs)
    }
    let numbers = [Float](repeating: 0.01, count: outputs * inputs)
    let bias = [Float](repeating: 0, count: outputs)
    return try numbers.withUnsafeBufferPointer { (numbers) throws(TensorError) in
      try PackedWeights(numbers, bias: bias, inputs: inputs, format: format)
    }
  }
}

/// The processor time of the calling thread, which other work on the machine does not affect.
package enum ThreadTime {
  /// Seconds since the thread began.
  package static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
