import Ablation
import Bytes
import Corpus
import Evaluation
import Foundation
import Models
import Results
import Scoring
import Store
import TestSupport
import Testing
import Training

/// A grid's models scored on one test corpus; here all of them are the sample model.
@Suite struct TestScoringTests {
  private static let model = Checkout.modelWithoutProfile

  private let scratch: Scratch
  private let scoring: TestScoring

  init() throws {
    scratch = try Scratch()
    let rows = (1...6).map { "\($0),a text of number \($0),\($0 % 2 == 0 ? "ironic" : "sincere")\n" }
    let corpus = try scratch.write("test.csv", "id,text,label\n" + rows.joined())
    scoring = TestScoring(
      TestScoring.Settings(
        corpora: [corpus], columns: CorpusOptions(), store: scratch.file("test.sqlite"), precision: .f32, threads: 1,
        version: "0"))
  }

  @discardableResult
  private func score(_ run: String) throws -> ScoringTask.Ending<ScoringTask.Turn>? {
    try scoring.score(model: Self.model, run: run, known: scoring.knownRuns()) { _ in }
  }

  @Test func finishedRunsAreNotScoredAgain() throws {
    #expect(try scoring.knownRuns().isEmpty)
    guard case .done(let turn)? = try score("alpha=0 seed=1") else {
      Issue.record("nothing was scored")
      return
    }
    #expect(turn.run.name == "alpha=0 seed=1" && turn.outcome.end == .finished && turn.outcome.totals.rows == 6)
    #expect(try score("alpha=0 seed=1") == nil)
    guard case .done(let other)? = try score("alpha=0 seed=2") else {
      Issue.record("another run is another cell")
      return
    }
    #expect(other.outcome.turn.known == 6)
    #expect(try Set(scoring.knownRuns().map(\.name)) == ["alpha=0 seed=1", "alpha=0 seed=2"])
  }

  @Test func cellsAreComparedPostByPost() throws {
    let grid = try AblationGrid(axes: [AblationAxis(parsing: "alpha=0,1")], seeds: [1, 2])
    for cell in grid.cells { try score(cell.name) }
    let (table, predictions) = try scoring.table(grid, grid.baseline())
    #expect(predictions.truths.count == 6 && predictions.predicted.count == 4 && predictions.notShared == 0)
    #expect(predictions.labels == ["sincere", "ironic"])
    #expect(table.keys == ["alpha"] && table.rows.map(\.values) == [["0"], ["1"]] && table.posts == 6)
    // The same model four times, so every cell has the same predictions.
    #expect(Set(predictions.predicted).count == 1 && table.rows.allSatisfy { $0.accuracy.deviation == 0 })
  }

  @Test func unreadableTestPostsAreReportedFirst() throws {
    try scoring.check(needsKnowledge: false)
    #expect(throws: TrainingDataError.self) { try scoring.check(needsKnowledge: true) }
    var settings = scoring.settings
    settings.corpora = [scratch.file("none.csv")]
    #expect(throws: CorpusError.self) { try TestScoring(settings).check(needsKnowledge: false) }
  }
}
