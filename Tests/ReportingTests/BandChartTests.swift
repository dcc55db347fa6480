import Reporting
import Testing

@Suite struct BandChartTests {
  private func samples(_ places: [Int]) -> [BandChart.Sample] {
    places.map { BandChart.Sample(x: $0, value: 0.5, low: 0.25, high: 0.75, isRough: false) }
  }

  @Test func aBandEndsWhereAMonthHasNoEstimate() {
    let chart = BandChart(title: "ironic", samples: samples([3, 4, 5, 8, 10, 11]), values: [])
    #expect(chart.groups.map { $0.map(\.x) } == [[3, 4, 5], [8], [10, 11]])
    #expect(BandChart(title: "", samples: [], values: []).groups.isEmpty)
  }
}
