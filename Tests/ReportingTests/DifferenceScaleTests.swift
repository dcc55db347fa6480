import Reporting
import Testing

@Suite struct DifferenceScaleTests {
  @Test func zeroAndAllValuesLieWithin() {
    let scale = DifferenceScale([0.02, 0.11])
    #expect(scale.low < 0 && scale.high > 0.11)
    #expect(scale.ticks.map { ($0 * 100).rounded() } == [0, 5, 10] && scale.decimals == 2)
    #expect(scale.share(scale.low) == 0 && scale.share(scale.high) == 1)
  }

  @Test func bothSidesHaveTicks() {
    let scale = DifferenceScale([-0.4, 0.3])
    #expect(scale.ticks.map { ($0 * 10).rounded() } == [-4, -2, 0, 2] && scale.decimals == 1)
  }

  @Test(arguments: [[], [0], [.nan, .infinity], [1e-9]])
  func nothingToShowStillHasAnAxis(values: [Double]) {
    let scale = DifferenceScale(values)
    #expect(scale.low < 0 && scale.high > 0 && (1...7).contains(scale.ticks.count))
  }
}
