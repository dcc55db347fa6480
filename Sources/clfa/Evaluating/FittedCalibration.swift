import ArgumentParser
import Bytes
import Evaluation
import Foundation
import Models
import Store

/// The calibration in a model's folder, for commands that show answers with it.
struct FittedCalibration {
  private let folder: String
  private let model: ModelFolder
  /// Turns the model's own probabilities into an answer.
  let rule: DecisionRule

  /// Loads a model's calibration; `store` is for the message if it has none.
  init(folder: String, store: String) throws {
    let model = try ModelFolder.load(folder)
    guard let calibration = model.configuration.calibration else {
      throw ValidationError(
        "\(folder)/config.json holds no calibration; clfa evaluate \(Shell.word(store)) --calibrate \(Shell.word(folder)) "
          + "fits one, to a run with true labels of posts that were not learnt.")
    }
    (self.folder, self.model) = (folder, model)
    rule = DecisionRule(
      scaling: calibration.temperature.map(TemperatureScaling.init(temperature:)), thresholds: calibration.thresholds)
  }

  /// The same for reading stored predictions.
  var predictions: CalibratedPredictions {
    let labels = model.configuration.labelNames
    return CalibratedPredictions(
      fingerprint: model.fingerprint, labels: labels, rule: Self.words(rule, labels: labels)
    ) { [rule] probabilities in
      var scaled = probabilities
      rule.scaling?.apply(&scaled)
      return CalibratedPredictions.Answer(probabilities: scaled, label: rule.decide(scaled))
    }
  }

  /// Throws if another model made the run.
  func check(run: String, fingerprint: String) throws {
    try Self.check(model, folder: folder, run: run, fingerprint: fingerprint)
  }

  /// Throws if a model did not make the run.
  static func check(_ model: ModelFolder, folder: String, run: String, fingerprint: String) throws {
    guard model.fingerprint == fingerprint else {
      throw ValidationError(
        "\(folder) (\(model.fingerprint.prefix(12))) did not make run \(run.printable); name the model with the fingerprint "
          + "\(fingerprint.prefix(12)).")
    }
  }

  /// A rule in words, such as `temperature 1.2000, "ironic" from 0.4100 on`.
  static func words(_ rule: DecisionRule, labels: [ByteText]) -> String {
    var words = String(format: "temperature %.4f", rule.scaling?.temperature ?? 1)
    guard let thresholds = rule.thresholds, thresholds.count == labels.count else { return words }
    if thresholds.count == 2, abs(thresholds[0] + thresholds[1] - 1) < 1e-9 {
      words += ", \"\(labels[1].printable)\" from " + String(format: "%.4f on", thresholds[1])
    } else {
      let each = zip(labels, thresholds).map { "\"\($0.printable)\" " + String(format: "%.4f", $1) }
      words += ", thresholds \(each.joined(separator: ", "))"
    }
    return words
  }
}

/// `--calibrated`, of commands that show a run's answers.
struct CalibratedOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Show the answers with the calibration of this model, which must be the one that made the run. clfa evaluate --calibrate fits it. Default: the model's own answers.",
      valueName: "model"), completion: .directory)
  var calibrated: String?

  /// The model's calibration; nil without the option.
  func load(store: String) throws -> FittedCalibration? {
    try calibrated.map { try FittedCalibration(folder: $0, store: store) }
  }

  /// Says that answers are calibrated, and how many of them that changes.
  static func say(_ words: String?) {
    if let words { Console.line("notice: \(words)") }
  }
}
