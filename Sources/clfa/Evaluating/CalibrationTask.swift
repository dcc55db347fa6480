import ArgumentParser
import Bytes
import Evaluation
import Foundation
import Models
import Queries
import Reporting
import Results

/// A model's calibration: fitted to a run's true labels, or applied to its predictions.
struct CalibrationTask {
  /// The model's folder.
  let folder: String
  /// The store, for messages.
  let store: String

  /// Fits a temperature and, for two labels, a threshold, writes both into the model's folder, and prints the gain on
  /// held-out posts.
  func fit(_ run: EvaluatedRun, positive: Int?, _ format: FormatOption) throws {
    let model = try checked(run), fitted: CalibrationFit
    do throws(CalibrationError) {
      guard run.capabilities.tells(.probabilities) else { throw CalibrationError.noProbabilities }
      fitted = try CalibrationFit(run.posts, positive: positive)
    } catch {
      throw ValidationError(
        error == .noProbabilities
          ? "a calibration needs probabilities of run \(run.run.printable), and \(run.capabilities.reason(.probabilities))."
          : "run \(run.run.printable) has \(error). Nothing was written.")
    }
    let rule = fitted.rule
    try format.print(
      ["measure", "before", "held_out_after", "n"],
      fitted.gains.map { gain in
        [
          .text(gain.measure), EvaluationTable.number(gain.before, shortened: format.isForPeople),
          EvaluationTable.number(gain.after, shortened: format.isForPeople), .integer(Int64(run.posts.count)),
        ]
      })
    try model.write(
      Calibration(temperature: rule.scaling?.temperature, thresholds: rule.thresholds))
    var words = String(format: "temperature %.4f", rule.scaling?.temperature ?? 1)
    if let thresholds = rule.thresholds, let positive {
      words += String(format: ", \"%@\" from %.4f on", run.posts.labels[positive].printable, thresholds[positive])
    }
    Console.line(
      "\(folder)/config.json now holds \(words), fitted to \(run.posts.count.counted("post", "posts")) of run "
        + "\(run.run.printable); stored predictions stay raw, and clfa evaluate --model \(Shell.word(folder)) applies it"
    )
  }

  /// The run with the model's calibration applied.
  func applied(to run: EvaluatedRun) throws -> EvaluatedRun {
    let model = try checked(run)
    guard let calibration = model.configuration.calibration else {
      throw ValidationError(
        "\(folder)/config.json holds no calibration; clfa evaluate \(Shell.word(store)) --calibrate \(Shell.word(folder)) "
          + "fits one.")
    }
    var answered = run
    answered.answer(
      DecisionRule(
        scaling: calibration.temperature.map(TemperatureScaling.init(temperature:)), thresholds: calibration.thresholds)
    )
    return answered
  }

  /// The model, after checking that it made the run.
  private func checked(_ run: EvaluatedRun) throws -> ModelFolder {
    let model = try ModelFolder.load(folder)
    guard model.fingerprint == run.fingerprint else {
      throw ValidationError(
        "\(folder) (\(model.fingerprint.prefix(12))) did not make run \(run.run.printable); name the model with the fingerprint "
          + "\(run.fingerprint.prefix(12)).")
    }
    return model
  }
}
