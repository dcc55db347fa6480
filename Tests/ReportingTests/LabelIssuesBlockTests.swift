import Bytes
import GRDB
import Reporting
import Results
import ResultsFixtures
import Store
import Testing

/// The page of labels that are probably wrong.
@Suite struct LabelIssuesBlockTests {
  /// The model is nearly sure of each label; five posts have the other one.
  private static let rows = (0..<80).map { place in
    let label = place % 2 == 0 ? "no" : "yes", isWrong = place % 16 == 3, no = place % 2 == 0 ? 0.95 : 0.05
    return TestRow(
      key: "p\(place)", text: "text \(place)", truth: isWrong == (label == "yes") ? "no" : "yes", predicted: label,
      confidence: 0.95, probabilities: #"{"no":\#(no),"yes":\#(1 - no)}"#)
  }

  private static func texts(_ rows: [TestRow] = rows, posts: Int = 3, runs: Int = 1, isCalibrated: Bool = false) throws
    -> [String]
  {
    let store = try TestStore(rows: rows) { database in
      if runs > 1 { try database.insertRun(id: 2, name: "later", files: [:]) }
    }
    let calibration = CalibratedPredictions(
      fingerprint: String(repeating: "ab", count: 32) + "1", labels: ["no", "yes"], rule: "temperature 1"
    ) { CalibratedPredictions.Answer(probabilities: $0, label: $0[0] > 0.5 ? 0 : 1) }
    let json =
      #"{"title":"T","pages":[{"title":"P","blocks":[{"section":"label-issues","posts":\#(posts)}]}]}"#
    let layout = try ReportLayout(json: Array(json.utf8))
    let data = try ReportData.load(
      from: StoreReader(path: store.path, calibration: isCalibrated ? calibration : nil), run: "posts",
      limits: layout.limits)
    let record = DrawingRecord(), canvas = try PageCanvas(title: "", created: "")
    canvas.record = record
    for page in Report(data: data, layout: layout).pages(try Typesetter()) {
      for placed in page.pieces { placed.piece.draw(canvas, placed.rect) }
    }
    return record.texts.map(\.words)
  }

  @Test func postsHaveBothLabelsAndTheirProbabilities() throws {
    let texts = try Self.texts()
    #expect(
      texts.contains("5 of 80 true labels are probably wrong: the model finds another label much more likely."))
    #expect(texts.count { $0 == "Given no, probability 0.050; more likely yes, 0.950" } == 3)
    #expect(["p3", "p19", "p35"].allSatisfy(texts.contains) && !texts.contains("p51") && texts.contains("text 3"))
    #expect(texts.contains("clfa sample STORE --design label-issues --size 5 -o again.csv"))
    #expect(texts.contains { $0.hasPrefix("2 more are not shown.") })
    #expect(!texts.contains { $0.hasPrefix("The probabilities here are calibrated") })
  }

  @Test func theCommandNamesAnEarlierRun() throws {
    #expect(
      try Self.texts(runs: 2).contains("clfa sample STORE --design label-issues --size 5 --run posts -o again.csv"))
  }

  @Test func calibratedProbabilitiesAreSaid() throws {
    #expect(
      try Self.texts(isCalibrated: true).contains { $0.hasPrefix("The probabilities here are calibrated") })
  }

  @Test func withoutDoubtsOrLabelsALineSaysSo() throws {
    var rows = Self.rows
    for place in rows.indices { rows[place].truth = rows[place].predicted }
    #expect(try Self.texts(rows).contains("None of the 80 true labels is probably wrong."))
    for place in rows.indices { rows[place].truth = nil }
    #expect(
      try Self.texts(rows).contains(
        "Labels that are probably wrong: not shown, since no scored post has a true label."))
    for place in rows.indices { rows[place].truth = "unsure" }
    #expect(try Self.texts(rows).contains { $0.hasPrefix("The model knows none of the true labels") })
  }
}
