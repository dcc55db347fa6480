import CKernels
import Glibc
import Evaluation
import Testing

@Suite struct ActivationKernelTests {
  /// The normal distribution's share below x, and its density there.
  private static func normal(_ x: Double) -> (share: Double, density: Double) {
    (0.5 * erfc(-x / 2.0.squareRoot()), exp(-x * x / 2) / (2 * Double.pi).squareRoot())
  }

  /// From far left, where GELU is 0, to far right, where it is the identity.
  private static let sweep =
    (-4_000...4_000).map { Float($0) / 200 } + [
      0, -0.0, .leastNormalMagnitude / 128, -.leastNormalMagnitude / 128, 1e-20, 1e19, -1e19, 3e38, -3e38, .nan,
    ]

  /// erf is 1.5e-7 off at most, half of that Φ; rounding Φ and the product adds 2⁻²⁴ each.
  @Test(arguments: TrainingKernels.runnable) func geluEqualsItsReference(kernels: TrainingKernels) {
    let x = ActivationKernelTests.sweep
    var y = [Float](repeating: .nan, count: x.count)
    kernels.gelu(x, &y, x.count)
    for (x, y) in zip(x, y) {
      let expected = Double(x) * ActivationKernelTests.normal(Double(x)).share
      #expect(x.isNaN ? y.isNaN : abs(Double(y) - expected) <= 2e-7 * abs(Double(x)), "\(x)")
    }
  }

  /// Φ(x) + x φ(x) is between −0.13 and 1.13; the product with dy scales its error.
  @Test(arguments: TrainingKernels.runnable) func theGradientOfGELUEqualsItsReference(kernels: TrainingKernels) {
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

  /// σ(z), and its slope by x, of the forms x σ(z).
  private static func sigmoid(_ x: Double, isTanh: Bool) -> (share: Double, slope: Double) {
    let k = 2 * (2 / Double.pi).squareRoot()
    let z = isTanh ? k * (x + 0.044715 * x * x * x) : 1.702 * x, share = 1 / (1 + exp(-z))
    let slope = isTanh ? k * (1 + 3 * 0.044715 * x * x) : 1.702
    let rest = exp(-abs(z)) / ((1 + exp(-abs(z))) * (1 + exp(-abs(z))))
    return (share, rest == 0 ? 0 : rest * slope)
  }

  /// e^z is 2⁻²² off at most, of itself, and z's rounding adds 2⁻²³ of z, up to 87 where anything is left.
  @Test(arguments: TrainingKernels.runnable, [false, true])
  func formsWithSigmoidsAreTheirTwins(kernels: TrainingKernels, isTanh: Bool) {
    let x = ActivationKernelTests.sweep
    var y = [Float](repeating: .nan, count: x.count)
    (isTanh ? kernels.tanhGELU : kernels.quickGELU)(x, &y, x.count)
    for (x, y) in zip(x, y) {
      let share = ActivationKernelTests.sigmoid(Double(x), isTanh: isTanh).share
      #expect(x.isNaN ? y.isNaN : abs(Double(y) - Double(x) * share) <= 5e-7 * abs(Double(x)), "\(x)")
    }
    for dy: Float in [1, -3, 1e-3, 1e30] {
      var d = [Float](repeating: dy, count: x.count)
      (isTanh ? kernels.tanhGELUBack : kernels.quickGELUBack)(x, &d, x.count)
      for (x, d) in zip(x, d) {
        let (share, slope) = ActivationKernelTests.sigmoid(Double(x), isTanh: isTanh)
        let expected = Double(dy) * (share + Double(x) * slope)
        #expect(x.isNaN ? d.isNaN : abs(Double(d) - expected) <= 3e-6 * abs(Double(dy)), "\(x)")
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
    for (forward, backward) in [
      (kernels.quickGELU, kernels.quickGELUBack), (kernels.tanhGELU, kernels.tanhGELUBack),
    ] {
      // A number's result does not depend on its position.
      let out = arena.put(unwritten: count), back = arena.put(dy)
      forward(from, out, count)
      backward(from, back, count)
      for index in x.indices {
        var (alone, gradient) = (Float.nan, dy[index])
        forward([x[index]], &alone, 1)
        backward([x[index]], &gradient, 1)
        #expect(arena.values(out)[index] == alone && arena.values(back)[index] == gradient)
      }
    }
    kernels.gelu(from, from, count)
    #expect(arena.values(from) == arena.values(y), "in place")
    #expect(arena.isIntact)
  }
}
