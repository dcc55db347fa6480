import Bytes
import Evaluation
import Results
import ResultsFixtures
import Testing

@Suite struct HeadlineMetricsTests {
  /// The outcome of a run that predicts each label of `predicted` for the truth at the same index.
  private func outcome(_ truths: [String], _ predicted: [String]) throws -> Outcome {
    let store = try TestStore(
      rows: truths.indices.map {
        TestRow(key: "k\($0)", text: "text \($0)", truth: truths[$0], predicted: predicted[$0])
      })
    return try ReportData.load(from: try store.reader()).outcome
  }

  @Test func fewPostsHaveOnlyWilsonsInterval() throws {
    let headline = try #require(HeadlineMetrics(try outcome(["no", "no", "no", "yes"], ["no", "no", "yes", "yes"])))
    #expect(headline.bootstrap == nil && headline.macroF1 == nil && headline.extremes == nil)
    #expect(headline.accuracy == .share(3, of: 4))
    #expect(headline.commonest?.label == "no" && headline.commonest?.share == 0.75)
    #expect(HeadlineMetrics.missingIntervalsReason(headline.matrix) == "fewer than 30 posts")
  }

  @Test func manyPostsHaveBootstrapIntervals() throws {
    let truths = (0..<60).map { $0 < 40 ? "no" : "yes" }
    let headline = try #require(HeadlineMetrics(try outcome(truths, (0..<60).map { $0 < 50 ? "no" : "yes" })))
    #expect(HeadlineMetrics.missingIntervalsReason(headline.matrix) == nil)
    #expect(abs(headline.accuracy.value - 50.0 / 60) < 1e-12 && headline.accuracy.low < headline.accuracy.value)
    let extremes = try #require(headline.extremes)
    #expect(extremes.best.label == "no" && extremes.worst.label == "yes" && extremes.comparisons == 1)
    #expect(extremes.difference.value > 0)
  }

  @Test func withoutTrueLabelsThereAreNoMetrics() throws {
    var outcome = try outcome(["no"], ["no"])
    outcome.labelled = 0
    #expect(HeadlineMetrics(outcome) == nil && outcome.posts == 1)
  }

  @Test func onlyThePositiveLabelHasItsF1() {
    #expect(
      HeadlineMeasure.all(of: ["no", "yes"], positive: nil).map(\.name) == [
        "accuracy", "balanced accuracy", "macro F1", "weighted F1", "F1 of “no”", "F1 of “yes”",
        "Matthews correlation (MCC)",
      ])
    #expect(HeadlineMeasure.all(of: ["no", "yes"], positive: "yes").count { $0.name.contains("F1 of") } == 1)
    #expect(HeadlineMeasure.all(of: (0..<7).map { "\($0)" }, positive: nil).count { $0.name.contains("F1 of") } == 0)
  }
}
