import Bytes
import Results
import ResultsFixtures
import Reporting
import Store
import Testing

/// A report of calibrated answers says so, and shows them.
@Suite struct CalibratedReportTests {
  private static func data(_ calibration: Bool) throws -> ReportData {
    var rows = mixedRows
    for place in rows.indices {
      rows[place].probabilities = #"{"no":0.75,"yes":0.25}"#
      (rows[place].predicted, rows[place].confidence) = ("no", 0.75)
    }
    let store = try TestStore(rows: rows, labels: ["no", "yes"])
    let fingerprint = String(repeating: "ab", count: 32) + "1"
    let calibrated = CalibratedPredictions(fingerprint: fingerprint, labels: ["no", "yes"], rule: "temperature 2.0000")
    {
      CalibratedPredictions.Answer(probabilities: $0.reversed(), label: 1)
    }
    var limits = ReportLimits()
    (limits.confusedCells, limits.confusedPosts) = (1, 1)
    return try ReportData.load(
      from: try StoreReader(path: store.path, calibration: calibration ? calibrated : nil), limits: limits)
  }

  @Test func answersAreThoseOfTheCalibration() throws {
    let own = try Self.data(false), calibrated = try Self.data(true)
    #expect(own.calibration == nil && own.outcome.shares.first { $0.label == "no" }?.count == own.outcome.posts)
    #expect(calibrated.outcome.shares.first { $0.label == "yes" }?.count == calibrated.outcome.posts)
    let posts = calibrated.outcome.posts
    #expect(
      calibrated.calibration?.words
        == "calibrated (temperature 2.0000): \(posts) of \(posts) answers differ from the model's own")
  }

  @Test func theFirstPageSaysSo() throws {
    func remarks(_ data: ReportData) throws -> [String] {
      let report = Report(data: data, layout: try ReportLayout.named("standard"))
      let pages = report.pages(try Typesetter())
      return pages.first?.pieces.compactMap { if case .remark(let text) = $0.piece.words { text } else { nil } } ?? []
    }
    #expect(
      try remarks(Self.data(true)).contains {
        $0.hasPrefix("The answers and probabilities of the run's model are calibrated (temperature")
      })
    #expect(try !remarks(Self.data(false)).contains { $0.contains("calibrated (") })
  }

  /// A command without the calibration would list other posts than the page shows.
  @Test func commandsShowTheSameAnswers() throws {
    func commands(_ isCalibrated: Bool) throws -> [String] {
      let data = try Self.data(isCalibrated)
      let record = DrawingRecord(), canvas = try PageCanvas(title: "", created: "")
      canvas.record = record
      let pages = Report(data: data, layout: ReportLayout(of: ReportSection(.confused))).pages(try Typesetter())
      for placed in pages.flatMap(\.pieces) { placed.piece.draw(canvas, placed.rect) }
      return record.texts.map(\.words).filter { $0.contains("clfa query STORE") }
    }
    let own = try commands(false), calibrated = try commands(true)
    #expect(!own.isEmpty && own.allSatisfy { !$0.contains("--calibrated") })
    #expect(!calibrated.isEmpty && calibrated.allSatisfy { $0.contains("clfa query STORE --calibrated MODEL ") })
  }

  @Test func theFindingComesBeforeTheCalibration() throws {
    let data = try Self.data(true)
    let pieces = Report(data: data, layout: try ReportLayout.named("standard")).pages(try Typesetter())[0].pieces
    let remark = try #require(pieces.firstIndex { if case .remark = $0.piece.words { true } else { false } })
    #expect(remark == 1 + Conclusions(data).opening(try ReportLayout.named("standard").pages[0].blocks).count)
  }
}
