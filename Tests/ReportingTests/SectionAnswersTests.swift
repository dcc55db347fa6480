import Evaluation
import GRDB
import Reporting
import Results
import ResultsFixtures
import Testing

/// The remarks of sections without data, and the first sentence of each section.
@Suite struct SectionAnswersTests {
  private func data(_ store: TestStore, layout: String = "standard") throws -> ReportData {
    try ReportData.load(
      from: try store.reader(), limits: try ReportLayout.named(layout).limits)
  }

  private func headings(_ data: ReportData, _ layout: String = "standard") throws -> [String] {
    Report(data: data, layout: try ReportLayout.named(layout)).pages(try Typesetter())
      .flatMap(\.pieces).compactMap(\.piece.heading)
  }

  @Test func labelsAloneHaveNoSectionOnConfidence() throws {
    let data = try data(try TestStore.labelsAlone())
    let headings = try headings(data)
    for heading in ["ROC curve", "Precision–recall curve", "Reliability", "Confidence, right and wrong"] {
      #expect(!headings.contains(heading), "\(heading)")
    }
    #expect(headings.contains("Headline numbers") && headings.contains("True against predicted label"))
    #expect(Conclusions(data).opening().contains(.labelsAlone))
    #expect(throws: ReportingError.self) {
      try Figure(data: data, section: ReportSection(named: "roc"), width: 400).draw(as: .svg, dpi: 72)
    }
  }

  @Test func aConfidenceThatWasGivenHasItsSection() throws {
    #expect(try headings(try data(try TestStore.labelsAlone(confidence: 0.75))).contains("Reliability"))
  }

  @Test func theConclusionsComeBeforeTheFingerprint() throws {
    let data = try data(try TestStore.labelsAlone())
    let pieces = Report(data: data, layout: try ReportLayout.named("standard")).pages(try Typesetter())[0].pieces
    let first = try #require(pieces.firstIndex { $0.piece.heading != nil })
    // The title, a paragraph for each conclusion, and how pictures and texts are shown.
    let conclusions = Conclusions(data).opening()
    #expect(first == conclusions.count + 2)
    #expect(
      conclusions.map(\.sentence) == [
        "The predictions are right for 51.2 % of all 80 scored posts, each with a true label (95 % interval 41.3 to 62.5 %); "
          + "macro F1 is \(conclusionF1(data)). Always predicting “no” would be right for 50.0 %; the difference "
          + "is not clear.",
        "The predictions have no probabilities, so the report shows no confidence, no curves and no calibration.",
        "All 80 posts are in the store with their picture.",
      ])
  }

  @Test func aPerfectRunHasNoIntervalFrom100To100Percent() throws {
    let store = try TestStore(
      rows: (0..<40).map { place in
        let label = place < 30 ? "no" : "yes"
        return TestRow(key: "p\(place)", truth: label, predicted: label, confidence: 0.9)
      })
    let conclusions = Conclusions(try data(store))
    #expect(
      conclusions.right?.sentence
        == "The predictions are right for 100.0 % of all 40 scored posts, each with a true label (95 % interval 91.2 to "
        + "100.0 %). Always predicting “no” would be right for 75.0 %.")
    #expect(conclusions.headline?.macroF1 == nil)
    #expect(conclusions.labels == conclusions.confused && conclusions.labels?.sentence.contains("40") == true)
  }

  private func conclusionF1(_ data: ReportData) -> String {
    guard let f1 = Conclusions(data).headline?.macroF1 else { return "" }
    return
      "\(Format.decimal(f1.value, 3)) (95 % interval \(Format.decimal(f1.low, 3)) to \(Format.decimal(f1.high, 3)))"
  }

  @Test func everySectionBeginsWithItsAnswer() throws {
    var rows = pairedRows(90, labels: ["no", "yes"])
    for place in rows.indices { rows[place].probabilities = #"{"no":0.25,"yes":0.75}"# }
    let store = try TestStore(rows: rows) { database in
      try database.execute(
        sql: "INSERT INTO embedding SELECT 1, 'fused', post_id, vector FROM embedding WHERE space = 'text'")
    }
    let data = try ReportData.load(
      from: try store.reader(), by: "state", limits: try ReportLayout.named("standard").limits)
    let blocks: [ReportBlock] = [
      .ledger, .headline, .shares, .confused, .labels, .roc, .precisionRecall, .reliability, .confidence, .alignment,
      .similarity, .density, .retrieval, .sample, .map, .slices,
    ]
    for block in blocks {
      let json = #"{"title":"T","pages":[{"title":"P","blocks":["\#(block.rawValue)"]}]}"#
      let pieces = Report(data: data, layout: try ReportLayout(json: Array(json.utf8))).pages(try Typesetter())[0]
        .pieces
      let heading = try #require(pieces.firstIndex { $0.piece.heading != nil }, "\(block)")
      #expect(pieces[heading + 1].piece.words == .note, "\(block) does not begin with words")
    }
  }
}
