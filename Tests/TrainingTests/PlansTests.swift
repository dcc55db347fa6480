import Tensors
import Testing
import Training

@Suite struct PlansTests {
  /// The library falls back to a plain loop for what no fast kernel does, some hundred times slower, and says nothing.
  @Test(arguments: ["mean-2", "co-attention-3", "concat-3"], NumberFormat.allCases.filter { $0 != .int8 && $0.isFast })
  func everyProductIsFast(name: String, format: NumberFormat) throws {
    let golden = TrainingGolden(name: name), learner = try golden.learner(format: format)
    #expect(learner.implementations.isEmpty)
    _ = try learner.learn(golden.examples())
    #expect(!learner.implementations.isEmpty)
    for implementation in learner.implementations { #expect(!implementation.contains("ref")) }
  }
}
