import Tensors
import Testing
import Training

@Suite(.enabled(if: NumberFormat.bf16.isFast)) struct LearningInBF16Tests {
  /// A factor is off by 2⁻⁹ at most, a loss by some per cent after a chain of products.
  @Test(arguments: TrainingGolden.all) func lossesAreNear(golden: TrainingGolden) throws {
    let exact = try golden.learner().learn(golden.examples())
    let rounded = try golden.learner(format: .bf16).learn(golden.examples())
    for (value, expected) in [
      (rounded.text, exact.text), (rounded.image, exact.image), (rounded.classification, exact.classification),
      (rounded.total, exact.total),
    ] {
      print("MEASURE bf16 loss", golden.name, value / expected - 1)
      #expect(abs(value - expected) < 0.02 * expected)
    }
  }

  /// Each tensor's gradient points where the exact one does.
  @Test(arguments: TrainingGolden.all) func gradientsPointTheSameWay(golden: TrainingGolden) throws {
    let exact = try golden.learner(), rounded = try golden.learner(format: .bf16)
    _ = try exact.learn(golden.examples())
    _ = try rounded.learn(golden.examples())
    // Keys' biases have none but noise.
    for name in exact.tensorNames where !name.hasSuffix("key.bias") {
      let a = exact.gradient(name).map(Double.init), b = rounded.gradient(name).map(Double.init)
      func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
      guard dot(a, a) > 0 else {
        #expect(dot(b, b) == 0, "\(name)")
        continue
      }
      let cosine = dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
      if cosine < 0.999 { print("MEASURE bf16 cosine", golden.name, name, cosine) }
      #expect(cosine > 0.98, "\(name): \(cosine)")
    }
  }
}
