import Bytes
import Evaluation
import GRDB
import Reporting
import Results
import ResultsFixtures
import Testing

/// The finding at the beginning of a report: shares, accuracy, or that neither is known.
@Suite struct ConclusionsSharesTests {
  private static func data(
    _ rows: [TestRow] = dumpRows(), isSampled: Bool = true, positive: String? = nil
  ) throws -> ReportData {
    let store = try TestStore(rows: rows, labels: ["sincere", "ironic"]) { database in
      if isSampled {
        try database.insertSample(dumpSample(), (0..<400).filter { $0 % 4 == 0 }.map { ($0 + 1, 0) })
      }
    }
    return try ReportData.load(from: store.reader(), positive: positive)
  }

  @Test func theSharesComeFirstWithTheirInterval() throws {
    let data = try Self.data(), opening = Conclusions(data).opening()
    let share = try #require(data.shares?.whole.shares.first { $0.label == "sincere" })
    let interval = try #require(share.interval)
    func percent(_ share: Double) -> String { Format.percent(share, decimals: 1) }
    let sentence = opening[0].sentence
    #expect(
      sentence.hasPrefix(
        "An estimated \(percent(share.value)) % of all 400 scored posts are “sincere” (95 % interval \(percent(interval.low)) to "
          + "\(percent(interval.high)) %) and "))
    #expect(
      sentence.hasSuffix(" The predictions were corrected by the 100 labelled posts of a random sample."))
    guard case .right = opening[1] else {
      Issue.record("accuracy does not follow")
      return
    }
    let positive = try Conclusions(Self.data(positive: "ironic")).shares?.sentence
    #expect(positive?.contains("are “ironic”") == true && positive?.contains("“sincere”") == false)
    // The section shares gives the answer itself.
    #expect(!Conclusions(data).opening([.shares]).contains(opening[0]))
  }

  @Test func fewLabelsGiveNoShares() throws {
    let few = try Self.data(dumpRows { $0 % 4 == 0 && $0 < 100 })
    #expect(Conclusions(few).shares == .fewLabels(labelled: 25, sample: "first"))
    #expect(try Conclusions(Self.data(isSampled: false)).shares == nil)
  }

  @Test func withoutTruthNeitherAccuracyNorSharesAreKnown() throws {
    let opening = try Conclusions(Self.data(dumpRows { _ in false })).opening()
    #expect(opening[0] == .noTruth(posts: 400))
    #expect(opening[0].sentence.contains("counts of predicted labels are not shares"))
    #expect(!opening.map(\.sentence).contains { $0.contains("estimated") })
  }

  @Test func manyLabelsAreCounted() {
    let shares = ["a", "b", "c"].map {
      Conclusion.Named($0, Estimate(value: 0.25, low: 0.2, high: 0.3, count: 1000))
    }
    #expect(
      Conclusion.shares(shares, further: 2, posts: 1000, isDistinct: true, labelled: 400, sample: "stratified").sentence
        == "An estimated 25.0 % of all 1,000 scored posts, one of each group of reposts, are “a” (95 % interval 20.0 to 30.0 %), "
        + "25.0 % “b” (20.0 to 30.0 %) and 25.0 % “c” (20.0 to 30.0 %); 2 other labels are less frequent. The predictions were "
        + "corrected by the 400 labelled posts of a stratified sample.")
    #expect(
      Conclusion.sampleAccuracy(
        Estimate(value: 0.9, low: 0.85, high: 0.94, count: 80), scored: 200, sample: "stratified"
      ).sentence
        == "Of all 200 scored posts, the predictions are right for an estimated 90.0 % (95 % interval 85.0 to 94.0 %), from the 80 "
        + "labelled posts of a stratified sample.")
  }

  @Test func theSectionSharesHasEstimatesAndCounts() throws {
    func headings(_ data: ReportData) throws -> [String] {
      Report(data: data, layout: ReportLayout(of: ReportSection(.shares))).pages(try Typesetter()).flatMap(\.pieces)
        .compactMap(\.piece.heading)
    }
    #expect(try headings(Self.data()) == ["Estimated shares", "Predicted labels"])
    #expect(try headings(Self.data(isSampled: false)) == ["Predicted labels"])
    #expect(
      try Conclusions(Self.data()).commonest?.sentence.hasSuffix(
        "of 400 posts. This counts predictions; it does not estimate a share.") == true)
  }
}
