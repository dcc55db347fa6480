import Ablation
import ArgumentParser
import Bytes
import Foundation
import Models
import Scoring
import Training

/// Cells to train and score, one after the other, continuing where an earlier command stopped.
struct AblationRun {
  /// One cell as a training run.
  struct Cell {
    let cell: AblationCell
    let model: NewModelOptions
    let lexicon: String?
    let recipe: TrainingRecipe
    let settings: TrainingSettings

    /// Applies a cell's values to the common settings.
    ///
    /// - Throws: `AblationError.badCell` if they cannot be combined.
    init(
      _ cell: AblationCell, files: TrainingFileOptions, model: NewModelOptions, _ recipe: TrainingRecipe,
      _ settings: TrainingSettings
    ) throws(AblationError) {
      var (files, model, settings) = (files, model, settings)
      cell.setting.apply(to: &settings)
      for choice in cell.setting.choices {
        switch choice {
        case .fusionLayers(let count): model.fusionLayers = count
        case .aggregation(let aggregation): model.aggregation = aggregation
        case .pooling(let pooling): model.recorded.pooling = pooling
        case .knowledge(let isOn): model.withKnowledge = isOn
        case .lexicon(let isOn): if !isOn { files.lexicon = nil }
        case .alpha, .beta, .temperature, .rate, .dropout, .freeze, .pictureDropout: break
        }
      }
      settings.seed = cell.seed
      if let fault = settings.fault { throw .badCell(name: cell.name, reason: fault) }
      do {
        try files.check(alpha: settings.alpha)
        try model.check(files)
      } catch {
        throw .badCell(name: cell.name, reason: Advice.message(of: error))
      }
      self.recipe = recipe
      (self.cell, self.model, self.settings, lexicon) = (cell, model, settings, files.lexicon)
    }
  }

  private let cells: [Cell]
  private let materials: TrainingInputs
  private let scoring: TestScoring
  private let folder: AblationFolder
  private let card: CardOptions
  private let checkpoints: CheckpointInterval
  private let cache: EncodingCache?

  init(
    cells: [Cell], materials: TrainingInputs, scoring: TestScoring, folder: String, card: CardOptions,
    checkpoints: CheckpointInterval, cache: EncodingCache?
  ) throws {
    (self.cells, self.materials, self.scoring) = (cells, materials, scoring)
    self.folder = try AblationFolder(folder, origins: materials.files.origins)
    (self.card, self.checkpoints, self.cache) = (card, checkpoints, cache)
  }

  /// Trains and scores the remaining cells.
  func run(_ report: inout TrainingProgressReport, scoringNotices: [String], _ progress: ProgressStyle) throws {
    let loop = AblationLoop(
      cells: cells.map(\.cell), folder: folder, scoring: scoring, scoringNotices: scoringNotices)
    var lines = ScoringProgressReport(style: progress)
    try loop.run(
      inputs: { place in
        (try Interrupt.watching { try task(place).trainerInputs(&report) }, cells[place].settings)
      },
      train: { place, training, begun in
        let outcome = try task(place).run(
          training.inputs, output: training.model, resume: training.resumes, checkpoints: checkpoints, &report,
          begun: begun)
        report.say(
          String(
            format: "epoch %d is the best: validation macro-F1 %.4f, accuracy %.4f", outcome.best.epoch,
            outcome.best.validation.macroF1, outcome.best.validation.accuracy),
          Self.event(outcome, model: training.model))
      },
      scored: { try lines.finish($0, store: scoring.settings.store, isStrict: false) },
      observe: { event in
        switch event {
        case .begun(let cell, let number):
          report.begin()
          report.say(
            "cell \(number) of \(cells.count): \(cell.name)",
            TrainingProgressReport.event(
              "cell", [("cell", .integer(number)), ("cells", .integer(cells.count)), ("name", .string(cell.name))]))
          lines = ScoringProgressReport(style: progress)
        case .alreadyTrained(let model):
          report.say(
            "it is trained already",
            TrainingProgressReport.event("trained", [("model", .string(model)), ("already", .bool(true))]))
        case .scoring(let event): lines.show(event)
        }
      })
  }

  private func task(_ place: Int) -> TrainTask {
    let cell = cells[place]
    return TrainTask(
      materials: materials, model: cell.model, lexicon: cell.lexicon, card: card, settings: cell.settings,
      cache: cache, recipe: cell.recipe)
  }

  private static func event(_ outcome: TrainingOutcome, model: String) -> JSON {
    let best = outcome.best
    return TrainingProgressReport.event(
      "trained",
      [
        ("model", .string(model)), ("already", .bool(false)), ("epoch", .integer(best.epoch)),
        ("macro_f1", .real(best.validation.macroF1)), ("accuracy", .real(best.validation.accuracy)),
        ("seconds", .thousandths(outcome.seconds)),
      ])
  }
}
