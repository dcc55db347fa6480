import Bytes
import Corpus
import Foundation
import Training

/// Shows a training run on standard error, in the way that `--progress` names.
struct TrainingProgressReport {
  private let style: ProgressStyle
  private var faultLines = FaultMessages()
  private var lastShown = ContinuousClock.now
  private var lineIsOpen = false
  /// Where this turn began: the rate is this turn's.
  private var first: (step: Int, seconds: Double)?

  private var told: Set<ByteText> = []
  /// Whether alignment takes part in the run: without it there are no losses of it.
  var isAligned = true

  init(style: ProgressStyle) { self.style = style }

  /// A run begins, of which nothing was shown yet.
  mutating func begin() { first = nil }

  /// Shows one event.
  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .step(let progress): show(progress)
    case .epoch(let record, let epochs): show(record, of: epochs)
    }
  }

  /// Warnings, each once.
  mutating func notice(_ text: String) {
    if told.insert(ByteText(text)).inserted {
      say("notice: \(text)", ["event": "notice", "text": text.withoutIsolates])
    }
  }

  /// The rows that cannot be learnt from: the first of each kind, and how many there are.
  mutating func faults(_ faults: [RowFault]) {
    for fault in faults {
      var object: [String: Any] = [
        "event": "fault", "file": fault.position.file.text, "line": fault.position.line, "stage": fault.stage.rawValue,
        "code": fault.code.rawValue, "detail": fault.detail,
      ]
      object["key"] = fault.key?.text
      object["path"] = fault.path
      if style == .json { say("", object) } else if let line = faultLines.line(fault) { say(line, [:]) }
    }
    if !faults.isEmpty {
      notice(
        "\(faults.count.counted("row", "rows")) cannot be learnt from, and \(faults.count == 1 ? "is" : "are") left out"
      )
    }
  }

  /// A line of its own, or an object in JSON.
  mutating func say(_ text: String, _ object: [String: Any]) { say([text], object) }

  private mutating func say(_ lines: [String], _ object: [String: Any]) {
    if style == .json { return ScoringProgressReport.json(object) }
    close()
    lines.forEach(Console.line)
  }

  /// Ends the moving line.
  mutating func close() {
    if lineIsOpen { Console.clearLine() }
    lineIsOpen = false
  }

  /// The result.
  mutating func finish(_ outcome: TrainingOutcome, output: String) {
    let best = outcome.best, result = best.validation
    let lines = [
      "epoch \(best.epoch) is the best: macro-F1 \(Self.number(result.macroF1)), accuracy "
        + Self.number(result.accuracy)
        + (outcome.withoutPictures.map {
          " with pictures; \(Self.number($0.macroF1)) and \(Self.number($0.accuracy)) with every picture hidden"
        } ?? ""),
      "\(output) is the model; clfa score posts.csv --model \(output) --store posts.sqlite uses it",
    ]
    var summary: [String: Any] = [
      "event": "summary", "epoch": best.epoch, "macro_f1": result.macroF1, "accuracy": result.accuracy,
      "weighted_f1": result.weightedF1, "validation_loss": result.loss,
      "steps": outcome.steps, "seconds": ScoringProgressReport.rounded(outcome.seconds), "model": output,
    ]
    if let blind = outcome.withoutPictures {
      summary["macro_f1_without_pictures"] = blind.macroF1
      summary["accuracy_without_pictures"] = blind.accuracy
    }
    say(lines, summary)
  }

  private mutating func show(_ progress: TrainingProgress) {
    let first = first ?? (progress.step - 1, progress.seconds)
    self.first = first
    let pause: Duration =
      style == .auto && !Console.isTerminal ? .seconds(30) : .milliseconds(style == .json ? 1000 : 200)
    guard style != .none, ContinuousClock.now - lastShown > pause else { return }
    lastShown = .now
    let steps = Double(progress.step - first.step), seconds = progress.seconds - first.seconds
    let rate = seconds > 0 ? steps / seconds : 0
    // Behind the last step the posts to validate with are answered, and the model is written.
    let left = rate > 0 && progress.step < progress.steps ? Double(progress.steps - progress.step) / rate : nil
    if style == .json {
      var object: [String: Any] = [
        "event": "step", "epoch": progress.epoch, "step": progress.step, "steps": progress.steps,
        "seconds": ScoringProgressReport.rounded(progress.seconds),
        "rows_per_second": ScoringProgressReport.rounded(rate * Double(progress.posts)),
      ]
      for term in progress.terms {
        object[term.name == "loss" ? "loss" : "loss_\(term.name)"] = ScoringProgressReport.rounded(term.value)
      }
      if let left { object["remaining_seconds"] = ScoringProgressReport.rounded(left) }
      return ScoringProgressReport.json(object)
    }
    if Console.isTerminal {
      Console.move(to: Self.short(progress, rate, left))
      lineIsOpen = true
      return
    }
    var parts = ["epoch \(progress.epoch)/\(progress.epochs)", "step \(progress.step)/\(progress.steps)"]
    parts += progress.terms.map { "\($0.name) \(Self.number($0.value))" }
    parts.append(String(format: "%.1f rows/s", rate * Double(progress.posts)))
    if let left { parts.append("\(ScoringProgressReport.duration(left)) left") }
    Console.line(parts.joined(separator: " · "))
  }

  /// What 80 columns hold, the least important last: `epoch 12/40 · 37 % · 9 min left · 512 rows/s · text 1.23 …`.
  private static func short(_ progress: TrainingProgress, _ rate: Double, _ left: Double?) -> String {
    var parts = ["epoch \(progress.epoch)/\(progress.epochs)", "\(min(99, 100 * progress.step / progress.steps)) %"]
    if let left { parts.append("\(ScoringProgressReport.duration(left)) left") }
    parts.append(String(format: "%.0f rows/s", rate * Double(progress.posts)))
    let terms = progress.terms.dropFirst().filter { $0.value != 0 }
    parts.append(
      terms.map { "\($0.name == "classification" ? "labels" : $0.name) " + String(format: "%.2f", $0.value) }
        .joined(separator: " "))
    return parts.joined(separator: " · ")
  }

  private mutating func show(_ record: EpochRecord, of epochs: Int) {
    guard style != .none else { return }
    let result = record.validation
    var parts = [record.epoch == 0 ? "before training" : "epoch \(record.epoch)/\(epochs)"]
    if record.epoch > 0 {
      parts.append(
        "loss \(Self.number(record.lossTotal)) ("
          + (isAligned ? "text \(Self.number(record.lossText)), image \(Self.number(record.lossImage)), " : "")
          + ((isAligned ? record.lossFeatures : nil).map { "features \(Self.number($0)), " } ?? "")
          + "labels \(Self.number(record.lossClassification)))")
    }
    parts.append("validation macro-F1 \(Self.number(result.macroF1)), accuracy \(Self.number(result.accuracy))")
    parts.append("cross-entropy \(Self.number(result.loss))")
    if let text = result.textAlignment, let image = result.imageAlignment {
      parts.append("cosine to the teacher \(Self.number(text)) and \(Self.number(image))")
    }
    if record.isBest { parts.append("best so far") }
    var object: [String: Any] = [
      "event": "epoch", "epoch": record.epoch, "steps": record.steps, "loss": record.lossTotal,
      "loss_classification": record.lossClassification,
      "macro_f1": result.macroF1, "accuracy": result.accuracy, "weighted_f1": result.weightedF1,
      "validation_loss": result.loss, "best": record.isBest,
    ]
    if isAligned { (object["loss_text"], object["loss_image"]) = (record.lossText, record.lossImage) }
    if isAligned, let features = record.lossFeatures { object["loss_features"] = features }
    if let pairing = result.pairing { object["pairing"] = pairing }
    if let text = result.textAlignment { object["text_alignment"] = text }
    if let image = result.imageAlignment { object["image_alignment"] = image }
    say(parts.joined(separator: " · "), object)
  }

  private static func number(_ value: Double) -> String { String(format: "%.4f", value) }
}
