import Bytes
import Evaluation
import GRDB
import Results
import ResultsFixtures
import Testing

/// Which results a run's data allow, and which parts are left out otherwise.
@Suite struct RunCapabilitiesTests {
  private func data(_ store: TestStore, positive: String? = nil) throws -> ReportData {
    try ReportData.load(from: try store.reader(), positive: positive)
  }

  @Test func labelsAloneHaveNoCurvesAndNoCalibration() throws {
    let data = try data(try TestStore.labelsAlone())
    #expect(!data.capabilities.tells(.confidence) && !data.capabilities.tells(.probabilities))
    #expect(data.capabilities.tells(.truth) && data.capabilities.isImported && !data.capabilities.tells(.pieces))
    #expect(data.charts.curves.isEmpty && data.charts.confidence.reliability.total == 0)
    #expect(data.outcome.shares.allSatisfy { $0.meanConfidence == nil })
  }

  @Test func labelsAloneAreNeverUndecided() throws {
    var limits = ReportLimits()
    (limits.notable, limits.pictured) = (30, 30)
    let shown = try ReportData.load(from: try TestStore.labelsAlone().reader(), limits: limits).shown
    #expect(!shown.notable.isEmpty && shown.notable.allSatisfy { $0.reason == .sureMistake })
    #expect(shown.notable.allSatisfy { $0.post.confidence == nil && $0.post.truth != $0.post.predicted })
  }

  @Test func aConfidenceThatWasGivenIsKnown() throws {
    let data = try data(try TestStore.labelsAlone(confidence: 0.75))
    #expect(data.capabilities.tells(.confidence) && !data.capabilities.tells(.probabilities))
    #expect(data.charts.curves.isEmpty && data.charts.confidence.reliability.total == 1)
    #expect(data.outcome.shares.compactMap(\.meanConfidence) == [0.75])
    #expect(data.capabilities.reason(.probabilities).contains("labels and confidences, but no probabilities"))
  }

  @Test func probabilitiesOfOnlyZeroAndOneAreLabelsAlone() throws {
    let store = try TestStore.labelsAlone()
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

  @Test func evaluationUsesTheSameRules() throws {
    let run = try EvaluatedRun.load(from: try TestStore.labelsAlone().reader())
    let report = try data(try TestStore.labelsAlone())
    #expect(run.capabilities == report.capabilities)
    #expect(run.posts.probabilities.allSatisfy { $0.isNaN })
  }

  @Test func aSliceOfAllPostsIsNotRepeated() throws {
    let run = try EvaluatedRun.load(from: try TestStore.labelsAlone().reader())
    #expect(run.slices.map(\.name) == ["all"] && run.wholeSlice == "both_sides")
  }

  @Test func thePositiveLabelIsNeverGuessed() throws {
    let store = try TestStore.labelsAlone(confidence: 0.75)
    let data = try data(store)
    #expect(data.outcome.positive == nil)
    #expect(try self.data(store, positive: "no").outcome.positive == "no")
    #expect(throws: ResultsError.noSuchLabel("harmfull", known: ["no", "yes"])) {
      try self.data(store, positive: "harmfull")
    }
  }
}
