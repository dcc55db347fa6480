import Evaluation
import Testing

@Suite struct WilsonIntervalTests {
  /// As `statsmodels.stats.proportion.proportion_confint(part, whole, method="wilson")` has them.
  @Test func equalsStatsmodels() {
    for (part, whole, low, high) in [
      (5, 10, 0.23659309051256394, 0.7634069094874361), (1, 200, 0.0008831687156009797, 0.027773704397892937),
      (3, 3, 0.43850296824495444, 1), (0, 3, 0, 0.5614970317550454),
    ] {
      let interval = WilsonInterval(part, of: whole)
      #expect(abs(interval.low - low) < 1e-12 && abs(interval.high - high) < 1e-12, "\(part) of \(whole)")
    }
  }
}
