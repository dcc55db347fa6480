import Tensors
import Testing
import Training

@Suite struct PlansTests {
  /// The library falls back to a plain loop for what no fast kernel does, some hundred times slower, and says nothing.
  @Test(arguments: TrainingGolden.all, NumberFormat.allCases.filter { $0 != .int8 && $0.isFast })
  func noProductIsAPlainLoop(golden: TrainingGolden, format: NumberFormat) throws {
    let learner = try golden.learner(format: format)
    #expect(learner.implementations.isEmpty)
    _ = try learner.learn(golden.examples())
    #expect(!learner.implementations.isEmpty)
    for implementation in learner.implementations { #expect(!implementation.contains("ref")) }
  }
}
