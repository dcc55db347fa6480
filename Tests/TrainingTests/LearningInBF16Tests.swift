import Tensors
import Testing
import Training

@Suite(.enabled(if: NumberFormat.bf16.isFast)) struct LearningInBF16Tests {
  /// A factor is off by 2⁻⁹ at most, a loss by some thousandths after a chain of products.
  @Test(arguments: TrainingGolden.all) func lossesAreNear(golden: TrainingGolden) throws {
    let exact = try golden.trainableModel().learn(golden.examples())
    let rounded = try golden.trainableModel(format: .bf16).learn(golden.examples())
    for (value, expected) in [
      (rounded.text, exact.text), (rounded.image, exact.image), (rounded.classification, exact.classification),
      (rounded.total, exact.total),
    ] {
      #expect(abs(value - expected) < 0.01 * expected)
    }
  }

  /// The gradient points where the exact one does. A single small tensor of the picture encoder need not: PyTorch's own
  /// autocast has a cosine of 0.75 at `image_encoder.cls` of `cls-3`, and 0.9969 over all tensors.
  @Test(arguments: TrainingGolden.all) func gradientsPointTheSameWay(golden: TrainingGolden) throws {
    let exact = try golden.trainableModel(), rounded = try golden.trainableModel(format: .bf16)
    _ = try exact.learn(golden.examples())
    _ = try rounded.learn(golden.examples())
    var (xx, yy, xy) = (0.0, 0.0, 0.0)
    for name in exact.tensorNames {
      for (a, b) in zip(exact.gradient(name), rounded.gradient(name)) {
        let (a, b) = (Double(a), Double(b))
        (xx, yy, xy) = (xx + a * a, yy + b * b, xy + a * b)
      }
    }
    #expect(xy / (xx * yy).squareRoot() > 0.996)
  }
}
