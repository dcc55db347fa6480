import Reporting
import Results
import Testing

@Suite struct LineChartTests {
  private let plot = Rect(x: 10, y: 20, width: 100, height: 50)

  private func chart(_ values: [Double], beginsAtZero: Bool = false) -> LineChart {
    LineChart(
      title: "a chart", xTitle: "epoch",
      lines: [
        LineChart.Line(
          name: "a line", samples: values.enumerated().map { LineChart.Sample(x: Double($0), y: $1) })
      ], beginsAtZero: beginsAtZero)
  }

  private func runs(_ chart: LineChart) -> [[Point]] {
    LineGeometry(chart, plot: plot).runs(chart.lines[0])
  }

  @Test func valuesLieWhereTheirAxesSay() throws {
    let chart = chart([0, 4, 2])
    let geometry = LineGeometry(chart, plot: plot)
    let run = try #require(geometry.runs(chart.lines[0]).first)
    #expect(run.map(\.x) == [10, 60, 110])
    #expect(run.map(\.y) == [70, 20, 45])
    #expect(geometry.place(y: geometry.y.range.upperBound) == plot.y)
    #expect(geometry.place(x: geometry.x.range.lowerBound) == plot.x)
  }

  @Test func theVerticalAxisMayBeginAtZero() {
    #expect(LineGeometry(chart([6, 9]), plot: plot).y.range == 6...9)
    #expect(LineGeometry(chart([6, 9], beginsAtZero: true), plot: plot).y.range == 0...10)
    #expect(LineGeometry(chart([-1, 1], beginsAtZero: true), plot: plot).y.range == -1...1)
  }

  @Test func valuesThatAreNotFiniteLeaveAGap() {
    let parts = runs(chart([1, .nan, 2, 3, .infinity, -.infinity, 1e301, 4]))
    #expect(parts.map(\.count) == [1, 2, 1])
    #expect(parts.joined().allSatisfy { $0.x.isFinite && $0.y.isFinite })
    #expect(LineGeometry(chart([1, .infinity, 2]), plot: plot).y.range == 1...2)
  }

  @Test func chartsMayHaveOneAxis() {
    var chart = chart([1, 2])
    chart.places = 0...10
    #expect(LineGeometry(chart, plot: plot).x.range == 0...10)
    chart.places = 1...1
    #expect(LineGeometry(chart, plot: plot).x.range == 0...1)
  }

  @Test func noValuesAreDrawn() {
    #expect(LineGeometry(chart([]), plot: plot).isEmpty)
    #expect(LineGeometry(chart([.nan, .nan]), plot: plot).isEmpty)
    #expect(runs(chart([])).isEmpty)
    #expect(!LineGeometry(chart([1]), plot: plot).isEmpty)
  }

  @Test func onePointLiesInTheMiddle() {
    #expect(runs(chart([3])).map(\.count) == [1])
    #expect(runs(chart([3]))[0][0].x == 60)
  }

  @Test func manyValuesAreThinnedAndKeepTheirEndsAndTheirPeaks() {
    var values = (0..<1000).map { Double($0 % 7) }
    (values[0], values[500], values[700], values[999]) = (3.5, 100, -100, 4.5)
    let samples = values.enumerated().map { LineChart.Sample(x: Double($0), y: $1) }
    let thinned = LineGeometry.thinned(samples)
    #expect((LineGeometry.limit / 2...LineGeometry.limit + 2).contains(thinned.count))
    #expect(thinned.first == samples.first && thinned.last == samples.last)
    #expect(thinned.contains(samples[500]) && thinned.contains(samples[700]))
    #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x })
    #expect(LineGeometry.thinned(Array(samples.prefix(LineGeometry.limit))).count == LineGeometry.limit)
  }

  @Test func linesThinOut() {
    let widths = [5, 100, 1000].map { count in
      let chart = chart((0..<count).map(Double.init))
      return LineGeometry(chart, plot: plot).lineWidth(chart.lines[0])
    }
    #expect(widths[0] > widths[1] && widths[1] > widths[2])
  }
}
