import Tensors
import Testing
import Training

@Suite struct MatmulCacheTests {
  /// If there is no fast kernel, the library uses a plain loop, some hundred times slower, without saying so.
  @Test(arguments: TrainingGolden.all, NumberFormat.allCases.filter { $0 != .int8 && $0.isFast })
  func noProductIsAPlainLoop(golden: TrainingGolden, format: NumberFormat) throws {
    let trainableModel = try golden.trainableModel(format: format)
    #expect(trainableModel.implementations.isEmpty)
    _ = try trainableModel.learn(golden.examples())
    #expect(!trainableModel.implementations.isEmpty)
    for implementation in trainableModel.implementations { #expect(!implementation.contains("ref")) }
  }
}
