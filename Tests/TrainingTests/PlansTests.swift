import CKernels
import Models
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

  /// At the widths of real models, AVX-512 has kernels made for each size. For 32 × 96 by 96 × 32 and the like the
  /// library prefers its older ones.
  @Test(
    .enabled(if: ckernels_widest() == 2),
    arguments: Aggregation.allCases, NumberFormat.allCases.filter { $0 != .int8 && $0.isFast })
  func everyProductHasItsKernel(aggregation: Aggregation, format: NumberFormat) throws {
    var model = TinyCase(aggregation: aggregation).configuration
    (model.text.hiddenSize, model.text.heads, model.text.feedForward) = (128, 4, 256)
    (model.image.hiddenSize, model.image.heads, model.image.feedForward) = (192, 3, 384)
    (model.dim, model.projectionHidden, model.fusionFeedForward) = (128, 384, 256)
    let learner = try Learner(model, objective: Objective(), format: format)
    let batch = TinyCase(taught: 0).examples()
    _ = try learner.learn(Array(repeating: batch, count: 8).flatMap { $0 })
    for implementation in learner.implementations { #expect(!implementation.contains("gemm:")) }
  }
}
