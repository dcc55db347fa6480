import Testing
import Training

@Suite struct ClassificationLossTests {
  /// Of ¾ and ½: −ln ¾ = 0.287682 and ln 2 = 0.693147.
  private static let logits: [[Float]] = [[1.098_612_3, 0], [0, 0]]

  @Test func theMeanOfTwo() {
    let (loss, gradients) = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: nil)
    #expect(abs(loss - (0.287_682_1 + 0.693_147_2) / 2) < 1e-6)
    #expect(near(gradients, [[-0.125, 0.125], [0.25, -0.25]]))
  }

  /// Weights 1 and 3 make (0.287682 + 3 · 0.693147) / 4.
  @Test func classWeightsByHand() {
    let (loss, gradients) = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: [1, 3])
    #expect(abs(loss - 0.591_780_9) < 1e-6)
    #expect(near(gradients, [[-0.0625, 0.0625], [0.375, -0.375]]))
    // Only what the weights are to each other counts.
    let scaled = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: [10, 30])
    #expect(abs(scaled.loss - loss) < 1e-12)
    #expect(near(scaled.gradients, gradients))
  }

  @Test func aLabelOfNoWeightTeachesNothing() {
    let one = ClassificationLoss.of(ClassificationLossTests.logits, [0, 1], weights: [0, 1])
    #expect(abs(one.loss - 0.693_147_2) < 1e-6)
    #expect(near(one.gradients, [[0, 0], [0.5, -0.5]]))
    let none = ClassificationLoss.of(ClassificationLossTests.logits, [0, 0], weights: [0, 1])
    #expect(none.loss == 0 && none.gradients == [[0, 0], [0, 0]])
  }

  @Test func largeLogitsStayFinite() {
    let (loss, gradients) = ClassificationLoss.of([[3e38, -3e38, 0], [1e4, 0, 0]], [0, 1], weights: nil)
    #expect(loss == 5_000)
    #expect(near(gradients, [[0, 0, 0], [0.5, -0.5, 0]]))
  }

  @Test func whatIsNoNumberStaysSo() {
    let (loss, gradients) = ClassificationLoss.of([[.nan, 0], [0, 0]], [1, 1], weights: nil)
    #expect(loss.isNaN)
    #expect(gradients[0].allSatisfy { $0.isNaN } && gradients[1].allSatisfy { $0.isFinite })
  }

  private func near(_ a: [[Float]], _ b: [[Float]]) -> Bool {
    a.map(\.count) == b.map(\.count) && zip(a.joined(), b.joined()).allSatisfy { abs($0 - $1) < 1e-6 }
  }
}
