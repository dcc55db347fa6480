import Testing

import Evaluation

@Suite struct AdjustedCountTests {
  @Test func theSharesEqualQuapys() throws {
    for golden in try ShareGoldens.load().adjusted {
      let labelled = Int(golden.confusion.reduce(0) { $0 + $1.reduce(0, +) })
      let adjusted = try #require(
        AdjustedCount(predicted: golden.predicted, confusion: golden.confusion, labelled: labelled, draws: 200))
      for (share, expected) in zip(adjusted.shares, golden.shares) {
        #expect(abs(share.value - expected) < 1e-9)
        #expect(share.low <= share.high && share.low >= 0 && share.high <= 1)
      }
    }
  }

  /// 80 % of the first label's posts and 30 % of the second's are predicted as the first: 0.5 = 0.8 p + 0.3 (1 − p).
  @Test func theErrorsOfTheSampleAreUndone() throws {
    let adjusted = try #require(
      AdjustedCount(predicted: [500, 500], confusion: [[80, 20], [30, 70]], labelled: 200))
    #expect(abs(adjusted.shares[0].value - 0.4) < 1e-9)
    #expect(adjusted.shares[0].low < 0.4 && adjusted.shares[0].high > 0.4)
  }

  @Test func aPredictorWithOneAnswerHasNoAdjustment() {
    #expect(AdjustedCount(predicted: [1000, 0], confusion: [[80, 0], [30, 0]], labelled: 110) == nil)
    #expect(AdjustedCount(predicted: [0, 0], confusion: [[8, 1], [1, 8]], labelled: 18) == nil)
  }

  /// A label without labelled posts counts as always recognised, as in quapy. No draw could show another error, so there
  /// is no interval and no estimate.
  @Test func aLabelWithoutTruthIsTakenAsItIsPredicted() {
    #expect(AdjustedCount.solve(predicted: [60, 40], confusion: [[10, 0], [0, 0]]) == [0.6, 0.4])
    #expect(AdjustedCount(predicted: [60, 40], confusion: [[10, 0], [0, 0]], labelled: 10) == nil)
  }
}
