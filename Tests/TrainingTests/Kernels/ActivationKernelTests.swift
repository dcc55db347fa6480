import CKernels
import Glibc
import Seeded
import Testing

@Suite struct ActivationKernelTests {
  /// The normal distribution's share below x, and its density there.
  private static func normal(_ x: Double) -> (share: Double, density: Double) {
    (0.5 * erfc(-x / 2.0.squareRoot()), exp(-x * x / 2) / (2 * Double.pi).squareRoot())
  }

  /// From far left, where nothing is left of a number, to far right, where all of it is.
  private static let sweep =
    (-4_000...4_000).map { Float($0) / 200 } + [0, -0.0, 1e-40, -1e-40, 1e-20, 1e19, -1e19, 3e38, -3e38, .nan]

  /// erf is 1.5e-7 off at most, half of that Φ; rounding Φ and the product adds 2⁻²⁴ each.
  @Test(arguments: TrainingKernels.runnable) func geluIsItsTwin(kernels: TrainingKernels) {
    let x = ActivationKernelTests.sweep
    var y = [Float](repeating: .nan, count: x.count)
    kernels.gelu(x, &y, x.count)
    for (x, y) in zip(x, y) {
      let expected = Double(x) * ActivationKernelTests.normal(Double(x)).share
      #expect(x.isNaN ? y.isNaN : abs(Double(y) - expected) <= 2e-7 * abs(Double(x)), "\(x)")
    }
  }

  /// Φ(x) + x φ(x) lies between −0.13 and 1.13; the product with dy scales its error.
  @Test(arguments: TrainingKernels.runnable) func geluBackIsItsTwin(kernels: TrainingKernels) {
    let x = ActivationKernelTests.sweep
    for dy: Float in [1, -3, 1e-3, 1e30] {
      var d = [Float](repeating: dy, count: x.count)
      kernels.geluBack(x, &d, x.count)
      for (x, d) in zip(x, d) {
        let (share, density) = ActivationKernelTests.normal(Double(x))
        let expected = Double(dy) * (share + Double(x) * density)
        #expect(x.isNaN ? d.isNaN : abs(Double(d) - expected) <= 3e-7 * abs(Double(dy)), "\(x)")
      }
    }
  }

  @Test(arguments: TrainingKernels.runnable, unevenWidths) func everyWidth(kernels: TrainingKernels, count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let x = random.floats(count, size: 4), dy = random.floats(count), arena = Arena()
    let (from, y, d) = (arena.put(x), arena.put(unwritten: count), arena.put(dy))
    kernels.gelu(from, y, count)
    kernels.geluBack(from, d, count)
    let twins = x.map { ActivationKernelTests.normal(Double($0)) }
    #expect(distance(arena.values(y), zip(x, twins).map { Double($0) * $1.share }) < 1e-6)
    let back = x.indices.map { Double(dy[$0]) * (twins[$0].share + Double(x[$0]) * twins[$0].density) }
    #expect(distance(arena.values(d), back) < 4e-7)
    kernels.gelu(from, from, count)
    #expect(arena.values(from) == arena.values(y), "in place")
    #expect(arena.isIntact)
  }
}
