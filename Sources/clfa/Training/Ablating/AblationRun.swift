import Ablation
import ArgumentParser
import Bytes
import Foundation
import Models
import Scoring
import Training

/// Cells to train and score, one after the other, from where an earlier turn stopped.
struct AblationRun {
  /// One cell as a training run.
  struct Cell {
    let cell: AblationCell
    let model: NewModelOptions
    let lexicon: String?
    let settings: TrainingSettings

    /// Lays a cell's values over the common setting.
    ///
    /// - Throws: `AblationError.badCell` if no training can have both.
    init(
      _ cell: AblationCell, files: TrainingFileOptions, model: NewModelOptions, _ settings: TrainingSettings
    ) throws(AblationError) {
      var (files, model, settings) = (files, model, settings)
      cell.setting.apply(to: &settings)
      for choice in cell.setting.choices {
        switch choice {
        case .fusionLayers(let count): model.fusionLayers = count
        case .aggregation(let aggregation): model.aggregation = aggregation
        case .pooling(let pooling): model.pooling = pooling
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
      (self.cell, self.model, self.settings, lexicon) = (cell, model, settings, files.lexicon)
    }
  }

  private let cells: [Cell]
  private let materials: TrainingInputs
  private let scoring: TestScoring
  private let folder: AblationFolder
  private let card: CardOptions
  private let checkpoints: CheckpointInterval

  init(
    cells: [Cell], materials: TrainingInputs, scoring: TestScoring, folder: String, card: CardOptions,
    checkpoints: CheckpointInterval
  ) throws {
    (self.cells, self.materials, self.scoring) = (cells, materials, scoring)
    self.folder = try AblationFolder(folder, origins: materials.files.origins)
    (self.card, self.checkpoints) = (card, checkpoints)
  }

  /// Trains and scores what is left to do.
  func run(_ report: inout TrainingProgressReport, scoringNotices: [String], _ progress: ProgressStyle) throws {
    let known = try scoring.knownRuns()
    for (place, cell) in cells.enumerated() {
      if Interrupt.isRequested { throw ExitStatus.interrupted }
      report.begin()
      report.say(
        "cell \(place + 1) of \(cells.count): \(cell.cell.name)",
        TrainingProgressReport.event(
          "cell",
          [("cell", .integer(place + 1)), ("cells", .integer(cells.count)), ("name", .string(cell.cell.name))]))
      let path = folder.model(of: cell.cell)
      try train(cell, path, &report)
      var lines = ScoringProgressReport(style: progress)
      let ending = try scoring.score(model: path, run: cell.cell.name, known: known, notices: scoringNotices) {
        lines.show($0)
      }
      if let ending { try lines.finish(ending, store: scoring.settings.store, isStrict: false) }
    }
  }

  private func train(_ cell: Cell, _ path: String, _ report: inout TrainingProgressReport) throws {
    let task = TrainTask(
      materials: materials, model: cell.model, lexicon: cell.lexicon, card: card, settings: cell.settings)
    let inputs = try Interrupt.watching { try task.trainerInputs(&report) }
    let record = try folder.record(inputs, cell.settings), state = try folder.state(of: cell.cell, record)
    if state == .trained {
      report.say(
        "it is trained already",
        TrainingProgressReport.event("trained", [("model", .string(path)), ("already", .bool(true))]))
      return
    }
    let outcome = try task.run(
      inputs, output: path, resume: state == .begun, checkpoints: checkpoints, &report
    ) {
      // A cell without a state on disk begins again; its record belongs to the process that has the folder.
      if state == .new { try folder.write(record, of: cell.cell) }
    }
    let best = outcome.best
    report.say(
      String(
        format: "epoch %d is the best: validation macro-F1 %.4f, accuracy %.4f", best.epoch, best.validation.macroF1,
        best.validation.accuracy),
      TrainingProgressReport.event(
        "trained",
        [
          ("model", .string(path)), ("already", .bool(false)), ("epoch", .integer(best.epoch)),
          ("macro_f1", .real(best.validation.macroF1)), ("accuracy", .real(best.validation.accuracy)),
          ("seconds", .thousandths(outcome.seconds)),
        ]))
  }
}
