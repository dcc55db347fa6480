import Ablation
import Corpus
import Foundation
import Models
import Scoring
import Store
import TestSupport
import Testing
import Training

/// Trained cells are not trained again, wherever the loop was interrupted.
@Suite struct AblationLoopTests {
  private struct Stopped: Error {}

  private static let model = Checkout.modelWithoutProfile

  private let scratch: Scratch
  private let scoring: TestScoring
  private let inputs: TrainingInputs
  private let cells: [AblationCell]
  private let folder: AblationFolder

  init() throws {
    let scratch = try Scratch()
    self.scratch = scratch
    func corpus(_ name: String, _ range: ClosedRange<Int>) throws -> String {
      let rows = range.map { "\($0),a text of number \($0),\($0 % 2 == 0 ? "ironic" : "sincere")\n" }
      return try scratch.write(name, "id,text,label\n" + rows.joined())
    }
    var files = TrainingFiles()
    (files.from, files.validation) = (Self.model, [try corpus("valid.csv", 5...8)])
    inputs = try TrainingInputs(
      corpora: [try corpus("train.csv", 1...4)], columns: CorpusOptions(), files: files, threads: 1)
    cells = try AblationGrid(axes: [AblationAxis(parsing: "dropout=0")], seeds: [1, 2, 3]).cells
    folder = try AblationFolder(scratch.file("cells"), origins: files.origins)
    scoring = TestScoring(
      TestScoring.Settings(
        corpora: [try corpus("test.csv", 9...12)], columns: CorpusOptions(), store: scratch.file("test.sqlite"),
        precision: .f32, threads: 1, version: "0"))
  }

  // Runs the loop with the sample model as every cell's result, and returns the events as text. The training of the
  // cell `stop` fails.
  private func run(stoppingAt stop: Int? = nil) throws -> [String] {
    var told: [String] = []
    var settings = TrainingSettings()
    settings.alpha = 0
    do {
      try AblationLoop(cells: cells, folder: folder, scoring: scoring).run(
        inputs: { place in
          settings.seed = cells[place].seed
          let model = TrainingInputs.NewModel { _ in throw Stopped() }
          return (try inputs.trainerInputs(model, settings) { _ in }, settings)
        },
        train: { place, training, begun in
          #expect(!training.resumes && training.inputs.training.count == 4)
          if place == stop { throw Stopped() }
          try begun()
          try FileManager.default.copyItem(atPath: Self.model, toPath: training.model)
          told.append("train \(place)")
        },
        scored: { ending in
          guard case .done(let turn) = ending else { return }
          told.append("score \(turn.run.name): \(turn.outcome.totals.rows)")
        },
        observe: { event in
          switch event {
          case .begun(let cell, let number): told.append("cell \(number) \(cell.seed)")
          case .alreadyTrained: told.append("known")
          case .scoring: break
          }
        })
    } catch is Stopped {
      told.append("stopped")
    }
    return told
  }

  @Test func trainedCellsAreNotTrainedAgain() throws {
    #expect(
      try run(stoppingAt: 1) == ["cell 1 1", "train 0", "score dropout=0 seed=1: 4", "cell 2 2", "stopped"])
    #expect(
      try run() == [
        "cell 1 1", "known", "cell 2 2", "train 1", "score dropout=0 seed=2: 4", "cell 3 3", "train 2",
        "score dropout=0 seed=3: 4",
      ])
    #expect(try run() == ["cell 1 1", "known", "cell 2 2", "known", "cell 3 3", "known"])
    #expect(try scoring.knownRuns().count == 3)
  }

  @Test func aModelWithOtherSettingsEndsTheLoop() throws {
    try FileManager.default.copyItem(atPath: Self.model, toPath: folder.model(of: cells[0]))
    #expect(throws: AblationError.self) { try run() }
  }
}
