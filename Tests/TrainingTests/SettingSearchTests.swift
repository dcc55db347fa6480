import Foundation
import TestSupport
import Testing
import Training

/// The tries that choose a run's settings.
@Suite struct SettingSearchTests {
  private static let grid = SettingSearch.Grid(rates: [0.01, 0.001, 0.1], classWeights: [.balanced, .equal])

  private static func fixture() throws -> TinyRun {
    var run = try TinyRun()
    (run.settings.frozen, run.settings.patience, run.settings.epochs) = ([.text, .image], 2, 3)
    return run
  }

  @Test func theGridHasEveryCombinationOfWhatIsNotGiven() {
    #expect(Self.grid.candidates.count == 6)
    #expect(
      Self.grid.keeping(rate: 0.5, classWeights: nil).candidates == [
        SearchCandidate(rate: 0.5, classWeights: .balanced), SearchCandidate(rate: 0.5, classWeights: .equal),
      ])
    #expect(Self.grid.keeping(rate: nil, classWeights: .equal).candidates.map(\.rate) == [0.01, 0.001, 0.1])
  }

  /// Each try is a training of its own, and the run is the one with the best settings.
  @Test func theRunIsTheTrainingWithTheBestSettings() throws {
    let run = try Self.fixture()
    let found = try run.train(try run.trainer("found", search: Self.grid))
    let tries = found.history.tries
    #expect(tries.map(\.candidate) == Self.grid.candidates && tries.map(\.number) == Array(1...6))
    for tried in tries {
      var alone = run
      (alone.settings.rate, alone.settings.classWeights) = (tried.candidate.rate, tried.candidate.classWeights)
      let name = "alone\(tried.number)"
      let outcome = try alone.train(try alone.trainer(name))
      #expect(outcome.best.validation.macroF1 == tried.macroF1 && outcome.best.epoch == tried.epoch)
      let isBest = tried == SearchTry.best(of: tries)
      let same = try run.model(name)[0] == run.model("found")[0]
      #expect(!isBest || same, "try \(tried.number)")
    }
    let lines = try run.text("found/history.jsonl").split(separator: "\n")
    #expect(lines.prefix(6).allSatisfy { $0.contains("\"learning_rate\":") && $0.contains("\"try\":") })
    let read = try #require(TrainingHistory(lines: try run.text("found/history.jsonl")))
    #expect(read.tries == tries && read.epochs.count == lines.count - 6)
    #expect(try run.text("found/card.md").contains("this was not one run. The settings are the best of 6 tries"))
  }

  @Test func theBestTryIsNotTrainedAgain() throws {
    let run = try Self.fixture()
    var steps = 0, shown: [Int] = []
    let outcome = try run.trainer("model", search: Self.grid).run(
      card: run.card, checkpoints: CheckpointInterval(seconds: 600),
      observe: { event in
        switch event {
        case .step(let progress): if progress.attempt == nil { steps += 1 }
        case .epoch(let record, _): shown.append(record.epoch)
        default: break
        }
      }, shouldStop: { false })
    #expect(steps == 0)
    #expect(shown == outcome.history.epochs.map(\.epoch) && shown.count > 1)
  }

  @Test(arguments: [1, 5, 14, 20, 40, 53]) func anInterruptedSearchEndsWithTheSameBytes(steps: Int) throws {
    let run = try Self.fixture()
    try run.train(try run.trainer("whole", search: Self.grid))
    #expect(throws: TrainingError.self) {
      try run.train(try run.trainer("cut", search: Self.grid), stopAfter: steps)
    }
    try run.train(try run.trainer("cut", resume: true, search: Self.grid))
    #expect(try run.model("cut") == run.model("whole"))
    #expect(!run.exists("cut.training"))
  }

  /// A run of other posts has other tries, although they are in the same folder.
  @Test func triesOfAnotherRunAreDropped() throws {
    let run = try Self.fixture()
    #expect(throws: TrainingError.self) {
      try run.train(try run.trainer("model", search: Self.grid), stopAfter: 14)
    }
    var other = run
    other.settings.seed += 1
    try other.train(try other.trainer("model", search: Self.grid))
    try other.train(try other.trainer("new", search: Self.grid))
    #expect(try other.model("model") == other.model("new"))
  }

  @Test func withoutTimeThereIsOneTry() throws {
    let run = try Self.fixture()
    let trainer = try run.trainer("model", search: Self.grid, budget: 0)
    var ended: [Int] = []
    let outcome = try trainer.run(
      card: run.card, checkpoints: CheckpointInterval(seconds: 600),
      observe: { if case .searchEnded(let tries, 6) = $0 { ended.append(tries) } }, shouldStop: { false })
    #expect(outcome.history.tries.count == 1 && ended == [1])
  }

  @Test func aTryThatDivergesIsAResult() throws {
    let run = try Self.fixture()
    let grid = SettingSearch.Grid(rates: [1, 0.01], classWeights: [.equal])
    let tries = try run.train(try run.trainer("model", search: grid)).history.tries
    #expect(tries.count == 2 && SearchTry.best(of: tries)?.macroF1 != nil)
  }
}
