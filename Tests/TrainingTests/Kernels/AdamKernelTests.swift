import CKernels
import Evaluation
import Testing

@Suite struct AdamKernelTests {
  private static let settings = ckernels_adam(
    gradient_scale: 0.5, beta1: 0.9, beta2: 0.999, eps: 1e-6, decay: 0.01, rate: 0.02)

  /// One step of one number.
  private static func twin(w: Float, m: Float, v: Float, g: Float) -> (w: Double, m: Double, v: Double) {
    let a = settings, d = Double(g) * Double(a.gradient_scale)
    let mean = Double(m) * Double(a.beta1) + d * Double(1 - a.beta1)
    let square = Double(v) * Double(a.beta2) + d * d * Double(1 - a.beta2)
    let update = mean / (square.squareRoot() + Double(a.eps)) + Double(a.decay) * Double(w)
    return (Double(w) - Double(a.rate) * update, mean, square)
  }

  @Test(arguments: TrainingKernels.runnable, unevenWidths)
  func aStepEqualsItsReference(kernels: TrainingKernels, count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let w = random.floats(count), m = random.floats(count), v = random.floats(count).map { $0 * $0 }
    let g = random.floats(count), arena = Arena()
    let (weights, means, squares) = (arena.put(w), arena.put(m), arena.put(v))
    kernels.adam(weights, means, squares, arena.put(g), count, AdamKernelTests.settings)
    let expected = (0..<count).map { AdamKernelTests.twin(w: w[$0], m: m[$0], v: v[$0], g: g[$0]) }
    // A mean divided by the root of a small square may be large, so the error is relative to the update.
    for (index, value) in arena.values(weights).enumerated() {
      let way = abs(expected[index].w - Double(w[index]))
      #expect(abs(Double(value) - expected[index].w) < 1e-6 * way + 2e-7)
    }
    #expect(distance(arena.values(means), expected.map(\.m)) < 2e-7)
    #expect(distance(arena.values(squares), expected.map(\.v)) < 2e-7)
    #expect(arena.isIntact)
  }

  /// Without a gradient only weight decay changes a number, and no number affects its neighbour.
  @Test(arguments: TrainingKernels.runnable) func eachNumberIsItsOwn(kernels: TrainingKernels) {
    var w = [Float](repeating: 1, count: 33), m = [Float](repeating: 0, count: 33), v = m, g = m
    (g[5], g[17], g[32]) = (.nan, 1e18, -1e-18)
    kernels.adam(&w, &m, &v, g, 33, AdamKernelTests.settings)
    for (index, value) in w.enumerated() {
      switch index {
      case 5: #expect(value.isNaN && m[5].isNaN && v[5].isNaN)
      case 17:
        // The first step is (1 − β₁) / √(1 − β₂) long, however long the gradient.
        let way: Double = 0.02 * (0.1 / 0.001.squareRoot() + 0.01)
        #expect(abs(Double(value) - (1 - way)) < 1e-5)
      case 32: #expect(value > 0.9997 && value < 1 && m[32] < 0 && v[32] >= 0)
      default: #expect(abs(value - 0.9998) < 1e-7 && m[index] == 0 && v[index] == 0)
      }
    }
  }
}
