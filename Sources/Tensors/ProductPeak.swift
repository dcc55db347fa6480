/// The rate of the library itself: what it reaches on products that nothing surrounds, in one thread.
///
/// Of some shapes of the published model, with many rows, packed weights and no pass before or after, the fastest
/// counts. It belongs to the thread that made it.
package final class ProductPeak {
  private static let shapes = [(768, 3072), (3072, 768), (768, 2304), (1024, 1024)]
  private static let rows = 1024

  private struct Candidate {
    let product: Product
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
        let key = Product.Key(
          inputs: inputs, outputs: outputs, format: format, result: result, activation: .none, accumulates: false)
        let candidate = Candidate(
          product: try Product(key, like: weights, rows: Self.rows), weights: weights,
          operations: 2 * Self.rows * inputs * outputs)
        _ = try Self.rate(of: candidate, x, y, seconds: 0.02, workspace)
        let rate = try Self.rate(of: candidate, x, y, seconds: 0.1, workspace)
        if rate > fastest?.rate ?? 0 { fastest = (candidate, rate) }
      }
    }
    guard let fastest else { preconditionFailure("there are shapes") }
    best = fastest.candidate
  }

  /// Operations a second of this thread's time, over about `seconds`.
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
