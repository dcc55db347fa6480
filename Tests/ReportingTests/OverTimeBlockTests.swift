import Bytes
import Evaluation
import GRDB
import Reporting
import Results
import ResultsFixtures
import Testing

/// Shares by month, with and without a labelled sample.
@Suite struct OverTimeBlockTests {
  private static func data(
    _ rows: [TestRow] = dumpRows(), isSampled: Bool = true, positive: String? = nil
  ) throws -> ReportData {
    let store = try TestStore(rows: rows, labels: ["sincere", "ironic"]) { database in
      if isSampled {
        try database.insertSample(dumpSample(), (0..<400).filter { $0 % 4 == 0 }.map { ($0 + 1, 0) })
      }
    }
    var limits = ReportLimits()
    limits.months = true
    return try ReportData.load(from: store.reader(), positive: positive, limits: limits)
  }

  /// The texts that a figure of the section draws.
  private static func texts(_ data: ReportData) throws -> [String] {
    let figure = Figure(data: data, section: ReportSection(.overTime), width: 84 * Figure.millimetre)
    let pieces = try figure.pieces(Typesetter()), record = DrawingRecord()
    let canvas = try PageCanvas(svg: figure.size(of: pieces))
    canvas.record = record
    figure.draw(pieces, on: canvas)
    return record.texts.map(\.words)
  }

  @Test func everyLabelHasItsEstimatesAndItsPredictions() throws {
    let data = try Self.data(), charts = OverTimeBlock.charts(data)
    let months = try #require(data.months?.months)
    #expect(charts.map(\.title) == ["sincere", "ironic"])
    let ironic = months.compactMap { month in month.shares.first { $0.label == "ironic" } }
    #expect(charts[1].samples.map(\.value) == ironic.map(\.value) && charts[1].samples.count == 2)
    #expect(charts[1].samples.map(\.low) == ironic.compactMap(\.interval?.low))
    #expect(charts[1].samples.map(\.high) == ironic.compactMap(\.interval?.high))
    #expect(charts[1].samples.map(\.x) == [2026 * 12, 2026 * 12 + 1] && charts[1].samples.allSatisfy { !$0.isRough })
    #expect(charts[1].values.map(\.value) == months.map { Double($0.predicted["ironic"] ?? 0) / 200 })
    #expect(try OverTimeBlock.charts(Self.data(positive: "ironic")).map(\.title) == ["ironic"])
    let texts = try Self.texts(data)
    #expect(texts.contains("2026-01") && texts.contains("2026-02") && texts.contains("sincere"))
    #expect(texts.contains { $0.hasPrefix("Blue: estimated share with its 95 % interval") })
  }

  @Test func monthsWithFewLabelsAreRoughAndAreNotCompared() throws {
    let rows = dumpRows { $0 % 4 == 0 && ($0 < 200 || $0 > 380) }
    let data = try Self.data(rows), charts = OverTimeBlock.charts(data)
    #expect(charts[0].samples.map(\.isRough) == [false, true])
    #expect(Conclusions(data).months(OverTimeBlock.labels(data)) == .fewMonths(few: 30))
    // A single label gives no estimate.
    let one = try Self.data(dumpRows { $0 % 4 == 0 && ($0 < 200 || $0 == 396) })
    #expect(OverTimeBlock.charts(one)[0].samples.map(\.x) == [2026 * 12])
  }

  @Test func withoutASampleTheChartSaysThatItCountsPredictions() throws {
    let data = try Self.data(isSampled: false), charts = OverTimeBlock.charts(data)
    #expect(charts.allSatisfy { $0.samples.isEmpty && $0.values.count == 2 })
    #expect(Conclusions(data).months(OverTimeBlock.labels(data)) == .predictionsByMonth)
    #expect(
      try Self.texts(data).contains("Dashes: shares of the predicted labels, not estimates."))
  }

  @Test func aDifferenceBetweenMonthsHasItsInterval() throws {
    // In the second month three quarters of the posts are ironic.
    var rows = dumpRows { $0 % 2 == 0 }
    for place in 200..<400 {
      let isIronic = noise(place + 77) < 0.75
      if rows[place].truth != nil { rows[place].truth = isIronic ? "ironic" : "sincere" }
    }
    let store = try TestStore(rows: rows, labels: ["sincere", "ironic"]) { database in
      try database.insertSample(dumpSample(drawn: 200), (0..<400).filter { $0 % 2 == 0 }.map { ($0 + 1, 0) })
    }
    var limits = ReportLimits()
    limits.months = true
    let data = try ReportData.load(from: store.reader(), limits: limits)
    guard
      case .months(let label, let highest, let lowest, let difference, let comparisons)? = Conclusions(data)
        .months(["ironic"])
    else {
      Issue.record("months are not compared")
      return
    }
    #expect(label == "ironic" && highest.name == "2026-02" && lowest.name == "2026-01" && comparisons == 1)
    #expect(!difference.holds(0) && abs(difference.value - highest.estimate.value + lowest.estimate.value) < 1e-12)
    #expect(Conclusions(data).months(["ironic"])?.sentence.contains("a difference of") == true)
  }

  @Test func anAxisHasRoomForItsMonths() {
    #expect(OverTimeBlock.step(from: 24_312, to: 24_316, labels: 5) == 1)
    #expect(OverTimeBlock.step(from: 24_312, to: 24_317, labels: 5) == 2)
    #expect(OverTimeBlock.step(from: 24_312, to: 24_312 + 47, labels: 5) == 12)
    #expect(OverTimeBlock.step(from: 0, to: 119_999, labels: 5) == 12_000)
  }

  @Test func aSingleMonthIsNotDrawnAndTheReasonIsSaid() throws {
    let rows = dumpRows().map { row in
      var row = row
      row.posted = "2026-01-05T00:00:00Z"
      return row
    }
    let data = try Self.data(rows)
    #expect {
      try Self.texts(data)
    } throws: { error in
      if case .noChart(_, let reason, _)? = error as? ReportingError {
        return reason == "all posts with a date are of 2026-01"
      }
      return false
    }
  }
}
