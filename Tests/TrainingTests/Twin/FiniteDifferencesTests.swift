import Models
import Evaluation
import Testing
import Training

@Suite struct FiniteDifferencesTests {
  @Test(arguments: TinyCase.all) func lossesEqualTheReferenceNetworks(tiny: TinyCase) throws {
    let trainableModel = try tiny.trainableModel(), batch = tiny.examples(), dropout = tiny.dropout
    let terms = try trainableModel.learn(batch, dropping: dropout.trainableModel)
    let twin = NetworkTwin(trainableModel, dropping: dropout.twin).losses(batch)
    for (value, twin) in [
      (terms.text, twin.text), (terms.image, twin.image), (terms.classification, twin.classification),
      (terms.total, twin.total),
    ] {
      #expect(abs(value - twin) < 2e-6 * max(twin, 1), "\(value) and \(twin)")
    }
  }

  /// (L(w + h) − L(w − h)) / 2h of the twin in f64 for some numbers of every tensor: of those that have a gradient, and
  /// of all. With h = 1e-6 the difference is accurate to about 1e-8; the tolerance is for the trainable model's f32,
  /// with about a hundred roundings of 2⁻²⁴ relative to the tensor's largest number.
  @Test(arguments: TinyCase.all) func gradientsEqualFiniteDifferences(tiny: TinyCase) throws {
    let trainableModel = try tiny.trainableModel(), batch = tiny.examples(), dropout = tiny.dropout
    _ = try trainableModel.learn(batch, dropping: dropout.trainableModel)
    var twin = NetworkTwin(trainableModel, dropping: dropout.twin), random = SeededGenerator(seed: 13)
    let h = 1e-6
    for name in trainableModel.tensorNames {
      let gradient = trainableModel.gradient(name), largest = gradient.map(abs).max() ?? 0
      let moved = random.shuffled(gradient.indices.filter { gradient[$0] != 0 }).prefix(3)
      for index in moved + [random.index(below: gradient.count)] {
        guard let value = twin.parameters[name]?[index] else { continue }
        twin.parameters[name]?[index] = value + h
        let above = twin.losses(batch).total
        twin.parameters[name]?[index] = value - h
        let slope = (above - twin.losses(batch).total) / (2 * h)
        twin.parameters[name]?[index] = value
        #expect(
          abs(Double(gradient[index]) - slope) <= 1e-5 * Double(largest) + 1e-6,
          "\(name)[\(index)]: \(gradient[index]), not \(slope), of \(largest)")
      }
    }
  }
}
