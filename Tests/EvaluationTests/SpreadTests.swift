import Evaluation
import Testing

@Suite struct SpreadTests {
  @Test func isTheMeanAndTheDeviationOfASample() {
    let spread = Spread([0.5, 0.7, 0.9])
    #expect(abs(spread.mean - 0.7) < 1e-12 && spread.count == 3)
    #expect(spread.deviation.map { abs($0 - 0.2) < 1e-12 } == true)
  }

  @Test func oneRunHasNoDeviation() {
    #expect(Spread([0.25]) == Spread([0.25]))
    #expect(Spread([0.25]).mean == 0.25 && Spread([0.25]).deviation == nil)
  }
}
