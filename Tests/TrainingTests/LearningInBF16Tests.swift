import Tensors
import Testing
import Training

@Suite(.enabled(if: NumberFormat.bf16.isFast)) struct LearningInBF16Tests {
  /// A factor is off by 2⁻⁹ at most, a loss by some thousandths after a chain of products.
  @Test(arguments: TrainingGolden.all) func lossesAreNear(golden: TrainingGolden) throws {
    let exact = try golden.learner().learn(golden.examples())
    let rounded = try golden.learner(format: .bf16).learn(golden.examples())
    for (value, expected) in [
      (rounded.text, exact.text), (rounded.image, exact.image), (rounded.classification, exact.classification),
      (rounded.total, exact.total),
    ] {
      #expect(abs(value - expected) < 0.01 * expected)
    }
  }

  /// The whole gradient points where the exact one does, and each tensor's too, unless what is off is small beside the
  /// whole: where terms nearly cancel, as in the alignment of pictures that look alike, their rounding is left.
  @Test(arguments: TrainingGolden.all) func gradientsPointTheSameWay(golden: TrainingGolden) throws {
    let exact = try golden.learner(), rounded = try golden.learner(format: .bf16)
    _ = try exact.learn(golden.examples())
    _ = try rounded.learn(golden.examples())
    func gradients(_ learner: Learner) -> [[Double]] {
      learner.tensorNames.map { learner.gradient($0).map(Double.init) }
    }
    func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    func cosine(_ x: [Double], _ y: [Double]) -> Double { dot(x, y) / (dot(x, x) * dot(y, y)).squareRoot() }
    let a = gradients(exact), b = gradients(rounded), whole = Array(a.joined())
    #expect(cosine(whole, Array(b.joined())) > 0.999)
    for (name, (a, b)) in zip(exact.tensorNames, zip(a, b)) {
      let apart = zip(a, b).map { $0 - $1 }, share = (dot(apart, apart) / dot(whole, whole)).squareRoot()
      #expect(share < 0.01 || cosine(a, b) > 0.98, "\(name): \(share), \(cosine(a, b))")
    }
  }
}
