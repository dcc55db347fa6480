import Evaluation
import GRDB
import Reporting
import Results
import Store
import Testing

/// What sections say of runs that cannot tell it.
@Suite struct RunCapabilitiesTests {
  /// A run of labels alone, as an import makes it: every confidence is 1, and so is the label's probability.
  private func labelsAlone(confidence: Double = 1) throws -> TestStore {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"], precision: "foreign", options: #"{"hard":true}"#)
      try database.insertRun(name: "theirs", files: ["posts.csv": 80])
      try database.insert(
        (0..<80).map { place in
          let label = place % 3 == 0 ? "yes" : "no"
          return TestRow(
            key: "k\(place)", text: "text \(place)", truth: place % 2 == 0 ? "yes" : "no", predicted: label,
            confidence: place == 7 ? confidence : 1,
            probabilities: place == 7 && confidence < 1 ? "{}" : #"{"\#(label)":1}"#)
        })
    }
    return store
  }

  private func data(_ store: TestStore, layout: String = "standard", positive: String? = nil) throws -> ReportData {
    try ReportData.load(
      from: try store.reader(), positive: positive, limits: try ReportLayout.named(layout).limits)
  }

  private func headings(_ data: ReportData, _ layout: String = "standard") throws -> [String] {
    Report(data: data, layout: try ReportLayout.named(layout)).pages(try Typesetter())
      .flatMap(\.pieces).compactMap(\.piece.heading)
  }

  @Test func labelsAloneHaveNoCurvesAndNoCalibration() throws {
    let data = try data(try labelsAlone())
    #expect(!data.capabilities.tells(.confidence) && !data.capabilities.tells(.probabilities))
    #expect(data.capabilities.tells(.truth) && data.capabilities.isImported && !data.capabilities.tells(.pieces))
    #expect(data.charts.curves.isEmpty && data.charts.confidence.reliability.total == 0)
    #expect(data.outcome.shares.allSatisfy { $0.meanConfidence == nil })
    let headings = try headings(data)
    for heading in ["ROC curve", "Precision–recall curve", "Reliability", "Confidence, right and wrong"] {
      #expect(!headings.contains(heading), "\(heading)")
    }
    #expect(headings.contains("In short") && headings.contains("True against predicted label"))
    #expect(Conclusions(data).opening().contains(.labelsAlone))
    #expect(throws: ReportingError.self) {
      try Figure(data: data, section: ReportSection(named: "roc"), width: 400).draw(as: .svg, dpi: 72)
    }
  }

  @Test func labelsAloneAreNeverUndecided() throws {
    let shown = try data(try labelsAlone(), layout: "triage").shown
    #expect(!shown.notable.isEmpty && shown.notable.allSatisfy { $0.reason == .sureMistake })
    #expect(shown.notable.allSatisfy { $0.post.confidence == nil && $0.post.truth != $0.post.predicted })
  }

  @Test func aConfidenceThatWasGivenIsKnown() throws {
    let data = try data(try labelsAlone(confidence: 0.75))
    #expect(data.capabilities.tells(.confidence) && !data.capabilities.tells(.probabilities))
    #expect(data.charts.curves.isEmpty && data.charts.confidence.reliability.total == 1)
    #expect(data.outcome.shares.compactMap(\.meanConfidence) == [0.75])
    #expect(try headings(data).contains("Reliability"))
    #expect(data.capabilities.reason(.probabilities).contains("labels and confidences, but no probabilities"))
  }

  @Test func probabilitiesOfOnlyZeroAndOneAreLabelsAlone() throws {
    let store = try labelsAlone()
    try store.write { database in
      try database.execute(
        sql: """
          UPDATE scorer SET options = '{}';
          UPDATE prediction SET probabilities = iif(label = 'yes', '{"no":0,"yes":1}', '{"no":1,"yes":0}');
          """)
    }
    let capabilities = try data(store).capabilities
    #expect(!capabilities.tells(.probabilities) && !capabilities.tells(.confidence))
    #expect(capabilities.reason(.probabilities).contains("exactly 0 or 1"))
    #expect(try EvaluatedRun.load(from: try store.reader()).posts.probabilities.allSatisfy { $0.isNaN })
  }

  @Test func evaluationAsksTheSame() throws {
    let run = try EvaluatedRun.load(from: try labelsAlone().reader())
    let report = try data(try labelsAlone())
    #expect(run.capabilities == report.capabilities)
    #expect(run.posts.probabilities.allSatisfy { $0.isNaN })
  }

  @Test func aSliceOfAllPostsIsNotSaidTwice() throws {
    let run = try EvaluatedRun.load(from: try labelsAlone().reader())
    #expect(run.slices.map(\.name) == ["all"] && run.wholeSlice == "both_sides")
  }

  @Test func thePositiveLabelIsNeverGuessed() throws {
    let store = try labelsAlone(confidence: 0.75)
    let data = try data(store)
    #expect(data.outcome.positive == nil)
    #expect(try self.data(store, positive: "no").outcome.positive == "no")
    #expect(throws: ResultsError.noSuchLabel("harmfull", known: ["no", "yes"])) {
      try self.data(store, positive: "harmfull")
    }
  }

  @Test func theFindingStandsBeforeTheFingerprint() throws {
    let data = try data(try labelsAlone())
    let pieces = Report(data: data, layout: try ReportLayout.named("standard")).pages(try Typesetter())[0].pieces
    let first = try #require(pieces.firstIndex { $0.piece.heading != nil })
    // The title, a paragraph for each conclusion, and how pictures and texts are shown.
    let conclusions = Conclusions(data).opening()
    #expect(first == conclusions.count + 2)
    #expect(
      conclusions.map(\.sentence) == [
        "The predictions are right for 51.2 % of all 80 scored posts, each with a true label (95 % interval 41.3 to 62.5 %); "
          + "macro F1 is \(conclusionF1(data)). Always predicting “no” would be right for 50.0 %: no difference that 80 posts "
          + "could show.",
        "The predictions are labels only, without probabilities, so there is no confidence, no curve and no calibration to "
          + "show.",
        "All 80 posts are in the store with their picture.",
      ])
  }

  @Test func aPerfectRunWasRightFor100To100Percent() throws {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"])
      try database.insertRun(files: ["posts.csv": 40])
      try database.insert(
        (0..<40).map { place in
          let label = place < 30 ? "no" : "yes"
          return TestRow(key: "p\(place)", truth: label, predicted: label, confidence: 0.9)
        })
    }
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

  @Test func everySectionWithAnAnswerBeginsWithIt() throws {
    let store = try TestStore()
    try store.write { database in
      try database.insertScorer(labels: ["no", "yes"])
      var rows = pairedRows(90, labels: ["no", "yes"])
      for place in rows.indices { rows[place].probabilities = #"{"no":0.25,"yes":0.75}"# }
      try database.insertRun(files: ["posts.csv": rows.count])
      try database.insert(rows)
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
