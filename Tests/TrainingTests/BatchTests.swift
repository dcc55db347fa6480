import Models
import Tensors
import Testing
import Training

/// How the posts of a batch affect each other.
@Suite struct BatchTests {
  /// The tolerance for two sums of the same numbers in another order: relative to the largest, or to all if they
  /// cancel.
  private static func isNear(_ gradients: [Float], _ others: [Float], times factor: Float = 1) -> Bool {
    let (most, largest) = difference(gradients, others.map { $0 * factor })
    return most <= 1e-5 * largest + 1e-6
  }

  /// Without alignment, no post sees another: the batch's gradient is the mean of its posts'.
  @Test(arguments: TinyCase.all.filter { $0.classWeights == nil && $0.dropped == 0 })
  func gradientsAreTheMeanOfThePosts(tiny: TinyCase) throws {
    let alone = try tiny.trainableModel(alpha: 0), together = try tiny.trainableModel(alpha: 0), batch = tiny.examples()
    let loss = try together.learn(batch).total
    let losses = try batch.map { try alone.learn([$0]).total }
    #expect(abs(loss - losses.reduce(0, +) / Double(batch.count)) < 1e-6)
    for name in together.tensorNames {
      let gradient = together.gradient(name)
      #expect(
        BatchTests.isNear(gradient, alone.gradient(name), times: 1 / Float(batch.count)), "\(name)")
    }
  }

  @Test(arguments: TinyCase.all.filter { $0.dropped == 0 }) func orderDoesNotMatter(tiny: TinyCase) throws {
    let trainableModel = try tiny.trainableModel(), other = try tiny.trainableModel(), batch = tiny.examples()
    let loss = try trainableModel.learn(batch).total
    #expect(abs(try other.learn(batch.reversed()).total - loss) < 1e-6 * loss)
    for name in trainableModel.tensorNames {
      #expect(BatchTests.isNear(trainableModel.gradient(name), other.gradient(name)), "\(name)")
    }
  }

  /// Rows after the last used one add nothing, whatever the memory contained before, and neither does any other
  /// unwritten number. An earlier step with parameters that are all NaN or all -1 leaves its results there.
  @Test(arguments: TinyCase.all, NumberFormat.allCases.filter { $0 != .int8 && $0.isFast })
  func whatMemoryHeldDoesNotMatter(tiny: TinyCase, format: NumberFormat) throws {
    let trainableModel = try tiny.trainableModel(format: format, threads: 2), batch = tiny.examples()
    func step() throws -> [[UInt32]] {
      trainableModel.clearGradients()
      _ = try trainableModel.learn(batch, dropping: tiny.dropout.trainableModel)
      return trainableModel.tensorNames.map { trainableModel.gradient($0).map(\.bitPattern) }
    }
    let names = trainableModel.tensorNames, parameters = names.map { trainableModel[$0] }
    let first = try step()
    for value in [Float.nan, -1] {
      for (name, numbers) in zip(names, parameters) {
        trainableModel[name] = [Float](repeating: value, count: numbers.count)
      }
      try trainableModel.update()
      #expect(try step() != first)
      for (name, numbers) in zip(names, parameters) { trainableModel[name] = numbers }
      try trainableModel.update()
      let again = try step()
      for (name, gradients) in zip(names, zip(first, again)) {
        #expect(gradients.0 == gradients.1, "\(name) after \(value)")
      }
    }
  }
}
