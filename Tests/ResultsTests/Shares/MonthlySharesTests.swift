import Bytes
import GRDB
import Results
import ResultsFixtures
import Store
import Testing

/// What a report loads on shares: the estimates of all posts, and of each month.
@Suite struct MonthlySharesTests {
  private static let quarter = (0..<400).filter { $0 % 4 == 0 }.map { (post: $0 + 1, stratum: 0) }

  private static func store(_ rows: [TestRow] = dumpRows(), _ sample: SampleRecord? = dumpSample()) throws -> TestStore
  {
    try TestStore(rows: rows, labels: ["sincere", "ironic"]) { database in
      if let sample { try database.insertSample(sample, quarter) }
    }
  }

  private static func load(_ store: StoreReader, months: Bool = true) throws -> ReportData {
    var limits = ReportLimits()
    limits.months = months
    return try ReportData.load(from: store, limits: limits)
  }

  @Test func sharesAreThoseOfEstimate() throws {
    let reader = try Self.store().reader()
    let data = try Self.load(reader), expected = try RunShares.load(from: reader, by: "month")
    #expect(
      data.shares?.whole.shares == expected.whole.shares.filter { $0.method == .predictionPowered }
        && data.shares?.drawn?.name == "first" && data.shares?.drawn?.design == "random")
    let months = try #require(data.months)
    #expect(months.months.map(\.name) == ["2026-01", "2026-02"] && months.undated == 0 && months.reposts == nil)
    #expect(months.months.map(\.labelled) == [50, 50] && months.months.map(\.posts) == [200, 200])
    #expect(months.months.map(\.shares) == expected.slices.map(\.shares))
    let predicted = Set((0..<400).filter { (noise($0) < 0.4) != (noise($0 + 5000) < 0.25) })
    #expect(
      months.months.map { $0.predicted["ironic"] } == [
        predicted.count { $0 < 200 }, predicted.count { $0 >= 200 },
      ])
    #expect(months.months.allSatisfy { $0.predicted.values.reduce(0, +) == $0.posts })
  }

  @Test func withoutALabelledSamplePredictionsAreCounted() throws {
    // Labels that no sample drew, and a sample that estimates nothing.
    for sample in [nil, dumpSample("for training", .uncertain)] {
      let data = try Self.load(Self.store(dumpRows(), sample).reader())
      #expect(data.shares == nil && data.months?.months.map(\.posts) == [200, 200])
      #expect(data.months?.months.allSatisfy { $0.shares.isEmpty && $0.labelled == 0 } == true)
    }
    let unlabelled = try Self.load(Self.store(dumpRows { _ in false }).reader())
    #expect(unlabelled.shares == nil && unlabelled.months?.months.count == 2)
  }

  @Test func monthsAreThoseOfTheDates() throws {
    var rows = dumpRows()
    for place in rows.indices {
      rows[place].extra = #"{"month":"none"}"#
      if place % 10 == 0 { rows[place].posted = nil }
      if place == 399 { rows[place].posted = "2031-12-31T00:00:00Z" }
    }
    let months = try #require(try Self.load(Self.store(rows).reader()).months)
    #expect(months.months.map(\.name) == ["2026-01", "2026-02", "2031-12"] && months.undated == 40)
    #expect(months.months.map(\.posts) == [180, 179, 1] && months.months[2].shares.isEmpty)
    #expect(try Self.load(Self.store(rows).reader(), months: false).months == nil)
    for place in rows.indices { rows[place].posted = nil }
    #expect(try Self.load(Self.store(rows).reader()).months == nil)
  }

  /// A sample was drawn by the model's own labels; a calibration that changes them does not move posts to other strata.
  @Test func strataAreThoseOfTheModelsOwnLabels() throws {
    var sample = dumpSample("by label", .stratified)
    sample.by = ["label"]
    let rows = dumpRows(), isIronic = rows.map { $0.predicted == "ironic" }
    sample.strata = ["sincere", "ironic"].enumerated().map { place, label in
      SampleRecord.Stratum(
        values: [ByteText(label)], posts: isIronic.count { $0 == (place == 1) }, drawn: 50)
    }
    let drawn = (0..<400).filter { isIronic[$0] ? $0 % 4 == 0 : $0 % 8 == 0 }
    let store = try TestStore(rows: rows, labels: ["sincere", "ironic"]) { database in
      try database.insertSample(sample, drawn.map { ($0 + 1, isIronic[$0] ? 1 : 0) })
    }
    let calibrated = CalibratedPredictions(
      fingerprint: String(repeating: "ab", count: 32) + "1", labels: ["sincere", "ironic"], rule: "all ironic"
    ) { _ in CalibratedPredictions.Answer(probabilities: [0.5, 0.5], label: 1) }
    let data = try Self.load(try StoreReader(path: store.path, calibration: calibrated))
    #expect(data.outcome.shares.first { $0.label == "ironic" }?.count == 400)
    let shares = try #require(data.shares)
    #expect(shares.outsideStrata == 0 && shares.joinedStrata == 0)
    // These probabilities say nothing, so the share is that of the labels, each stratum weighted by its posts.
    let expected = [false, true].reduce(0.0) { sum, answer in
      let posts = drawn.filter { isIronic[$0] == answer }
      let ironic = posts.count { rows[$0].truth == "ironic" }
      return sum + Double(isIronic.count { $0 == answer }) / 400 * Double(ironic) / Double(posts.count)
    }
    let share = try #require(shares.whole.shares.first { $0.label == "ironic" })
    #expect(abs(share.value - expected) < 1e-12)
  }
}
