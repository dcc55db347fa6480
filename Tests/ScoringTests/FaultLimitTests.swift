import Scoring
import Testing

@Suite struct FaultLimitTests {
  @Test func readsNumbersAndShares() {
    #expect(FaultLimit("12") == .count(12))
    #expect(FaultLimit("2.5%") == .percent(2.5))
    for text in ["", "-1", "101%", "x", "%"] { #expect(FaultLimit(text) == nil) }
  }

  @Test func appliesOnlyAfterTwoHundredRows() {
    #expect(!FaultLimit.count(0).isPassed(faults: 199, rows: 199))
    #expect(FaultLimit.count(0).isPassed(faults: 1, rows: 200))
    #expect(!FaultLimit.percent(10).isPassed(faults: 20, rows: 200))
    #expect(FaultLimit.percent(10).isPassed(faults: 21, rows: 200))
  }
}
