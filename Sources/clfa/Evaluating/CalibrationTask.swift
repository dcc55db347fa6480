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

  /// Fits a temperature and, for two labels, a threshold, prints the gain on held-out posts, and writes both into the
  /// model's folder if none of the scores that they are fitted for gets worse.
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
    try format.print(
      ["measure", "before", "held_out_after", "n"],
      fitted.gains.map { gain in
        [
          .text(gain.measure), EvaluationTable.number(gain.before, shortened: format.isForPeople),
          EvaluationTable.number(gain.after, shortened: format.isForPeople), .integer(Int64(run.posts.count)),
        ]
      })
    let posts = run.posts.count.counted("post", "posts")
    guard fitted.worse.isEmpty else {
      let scores = fitted.worse.map { String(format: "%@ from %.4f to %.4f", $0.measure, $0.before, $0.after) }
      Console.line(
        "Error: nothing was written, because a calibration makes the answers to held-out posts worse: "
          + "\(scores.joined(separator: ", ")), in cross-validation on \(posts) of run \(run.run.printable); use the model "
          + "as it is, or fit to more posts.")
      throw ExitStatus.requirement
    }
    let rule = fitted.rule
    try model.write(
      Calibration(temperature: rule.scaling?.temperature, thresholds: rule.thresholds))
    Console.line(
      "\(folder)/config.json now holds \(FittedCalibration.words(rule, labels: run.posts.labels)), fitted to \(posts) of "
        + "run \(run.run.printable); stored predictions stay raw. clfa evaluate --model \(Shell.word(folder)) applies it, and "
        + "clfa report, query and export do with --calibrated \(Shell.word(folder))")
  }

  /// The run with the model's calibration applied.
  func applied(to run: EvaluatedRun) throws -> EvaluatedRun {
    let fitted = try FittedCalibration(folder: folder, store: store)
    try fitted.check(run: run.run.text, fingerprint: run.fingerprint)
    var answered = run
    answered.answer(fitted.rule)
    return answered
  }

  /// The model, after checking that it made the run.
  private func checked(_ run: EvaluatedRun) throws -> ModelFolder {
    let model = try ModelFolder.load(folder)
    try FittedCalibration.check(model, folder: folder, run: run.run.text, fingerprint: run.fingerprint)
    return model
  }
}
