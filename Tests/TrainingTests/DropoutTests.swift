import CKernels
import Tensors
import Testing
import Training

/// The effect of dropout on a whole step; the finite differences test that both directions drop the same.
@Suite struct DropoutTests {
  private static func gradients(
    _ tiny: TinyCase, dropping dropout: Dropout?, threads: Int = 1
  ) throws -> (loss: Double, bits: [[UInt32]]) {
    let trainableModel = try tiny.trainableModel(threads: threads)
    let loss = try trainableModel.learn(tiny.examples(), dropping: dropout).total
    return (loss, trainableModel.tensorNames.map { trainableModel.gradient($0).map(\.bitPattern) })
  }

  @Test(arguments: TinyCase.all) func equalStepsGiveEqualBits(tiny: TinyCase) throws {
    let dropout = Dropout(share: 0.2, seed: 9, step: 3, part: 1)
    let first = try DropoutTests.gradients(tiny, dropping: dropout)
    for threads in [1, 2, 3] {
      let again = try DropoutTests.gradients(tiny, dropping: dropout, threads: threads)
      #expect(again.loss == first.loss)
      #expect(again.bits == first.bits)
    }
  }

  @Test func anotherSeedStepOrPartDropsOthers() throws {
    let losses = try [
      Dropout(share: 0.2, seed: 9, step: 3, part: 1), Dropout(share: 0.2, seed: 10, step: 3, part: 1),
      Dropout(share: 0.2, seed: 9, step: 4, part: 1), Dropout(share: 0.2, seed: 9, step: 3, part: 2),
      Dropout(share: 0.1, seed: 9, step: 3, part: 1), nil,
    ].map { try DropoutTests.gradients(TinyCase(), dropping: $0).loss }
    #expect(Set(losses).count == losses.count)
  }

  @Test func aShareOfZeroDropsNothing() throws {
    let none = try DropoutTests.gradients(TinyCase(), dropping: nil)
    let zero = try DropoutTests.gradients(TinyCase(), dropping: Dropout(share: 0, seed: 9, step: 3, part: 1))
    #expect(abs(zero.loss - none.loss) < 1e-6)
  }

  /// Kept numbers are scaled up to replace the dropped ones: the mean loss is off only by its curvature times the
  /// spread, which falls with the share.
  @Test(arguments: [(0.01, 0.005), (0.1, 0.03)]) func theMeanIsNearTheUndropped(share: Double, apart: Double) throws {
    let tiny = TinyCase(), trainableModel = try tiny.trainableModel(), batch = tiny.examples(), seeds = 400
    let undropped = try trainableModel.learn(batch).total
    var sum = 0.0
    for seed in 0..<seeds {
      sum += try trainableModel.learn(batch, dropping: Dropout(share: share, seed: UInt64(seed), step: 0, part: 0))
        .total
    }
    #expect(abs(sum / Double(seeds) - undropped) < apart * undropped)
  }
}
