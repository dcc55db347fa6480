import GoldenModels
import Models
import Tensors
import Testing
import Training

@Suite struct TrainableModelTests {
  @Test(arguments: TrainingGolden.all) func lossesEqualTheReference(golden: TrainingGolden) throws {
    let trainableModel = try golden.trainableModel(), expected = try golden.expected()
    let terms = try trainableModel.learn(golden.examples())
    for (name, value) in [
      ("contrastive_text", terms.text), ("contrastive_image", terms.image),
      ("classification", terms.classification), ("total", terms.total),
    ] {
      let reference = try #require(expected["loss.\(name)"]?.first)
      #expect(reference > 0.1)
      #expect(abs(value - Double(reference)) < 1e-5 * Double(reference), "\(name)")
    }
  }

  /// max|Δ| ≤ 1e-4 · the largest number of a tensor's gradient + 1e-7; the gradients of the keys' biases are only
  /// noise.
  @Test(arguments: TrainingGolden.all) func gradientsEqualTheReference(golden: TrainingGolden) throws {
    let trainableModel = try golden.trainableModel(), expected = try golden.expected()
    _ = try trainableModel.learn(golden.examples())
    var compared = 0
    for name in trainableModel.tensorNames {
      let gradient = trainableModel.gradient(name)
      guard let reference = expected["grad.\(name)"] else {
        // Tensors that are not used have no gradient there.
        #expect(gradient.allSatisfy { $0 == 0 }, "\(name)")
        continue
      }
      let (most, largest) = difference(gradient, reference)
      let isNoise = name.hasSuffix("key.bias")
      #expect(most <= 1e-4 * (isNoise ? 0.01 : largest) + 1e-7, "\(name): \(most) of \(largest)")
      compared += 1
    }
    #expect(compared >= trainableModel.tensorNames.count - 2, "all but the pooler")
  }
}
