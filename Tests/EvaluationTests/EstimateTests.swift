import Evaluation
import Testing

@Suite struct EstimateTests {
  /// Newcombe 1998, table II, method 10, cases (a) and (b).
  @Test func aDifferenceOfSharesHasNewcombesInterval() {
    let first = Estimate.share(56, of: 70).less(.share(48, of: 80))
    #expect(abs(first.value - 0.2) < 1e-9 && abs(first.low - 0.0524) < 5e-5 && abs(first.high - 0.3339) < 5e-5)
    let second = Estimate.share(9, of: 10).less(.share(3, of: 10))
    #expect(abs(second.low - 0.1705) < 5e-5 && abs(second.high - 0.8090) < 5e-5)
    #expect(first.count == 150)
  }

  @Test func aMeanHasTheNormalInterval() throws {
    let mean = try #require(Estimate.mean(sum: 10, squares: 30, count: 4))
    // The numbers 1, 2, 3, 4: variance 5/3.
    #expect(mean.value == 2.5 && abs(mean.high - 2.5 - 1.959964 * (5.0 / 12).squareRoot()) < 1e-6)
    #expect(Estimate.mean(sum: 1, squares: 1, count: 1) == nil)
  }

  @Test func severalComparisonsWidenTheInterval() throws {
    // Bonferroni: the upper 2.5 % / 10 is 2.807034 standard deviations away.
    let one = try #require(Estimate.mean(sum: 10, squares: 30, count: 4, comparisons: 10))
    #expect(abs(one.high - 2.5 - 2.807034 * (5.0 / 12).squareRoot()) < 1e-5)
  }
}

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
