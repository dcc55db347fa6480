import Bytes
import Corpus
import Evaluation
import Foundation
import Scoring
import Training

/// Shows the progress of training on standard error, in the style given by `--progress`.
struct TrainingProgressReport {
  private let style: ProgressStyle
  private var faultLines = FaultMessages()
  private var lastShown = ContinuousClock.now
  private var lineIsOpen = false
  /// Where this command began; the rate counts from here.
  private var first: (step: Int, seconds: Double)?
  /// The try whose steps are counted; nil for those of the run itself.
  private var attempt: TrainingProgress.Attempt?
  /// The lines of progress so far; the first comes soon, because it says how long the rest takes.
  private var shownLines = 0
  private var encodingStart: (kind: EncoderKind, done: Int, time: ContinuousClock.Instant)?

  private var told: Set<ByteText> = []
  /// Whether the run uses alignment; without it there are no alignment losses.
  var isAligned = true

  init(style: ProgressStyle) { self.style = style }

  /// Call this when a new run begins.
  mutating func begin() { first = nil }

  /// Shows one event.
  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .step(let progress): show(progress)
    case .epoch(let record, let epochs): show(record, of: epochs)
    case .warning(let warning): show(warning)
    case .tried(let tried, let count): show(tried, of: count)
    case .searchEnded(let tries, let count):
      notice("\(tries) of \(count) tries were made, because no more fit into the time")
    }
  }

  /// Shows what frozen encoders have done.
  mutating func show(_ progress: EncodingProgress) {
    let what = progress.kind == .text ? "texts" : "pictures"
    let pause: Duration = style == .auto && !Console.isTerminal ? .seconds(10) : .milliseconds(500)
    guard style != .none, progress.done < progress.of, ContinuousClock.now - lastShown > pause else {
      if encodingStart?.kind != progress.kind { encodingStart = (progress.kind, progress.done, .now) }
      return
    }
    lastShown = .now
    let start = encodingStart.flatMap { $0.kind == progress.kind ? $0 : nil } ?? (progress.kind, progress.done, .now)
    encodingStart = start
    let seconds = (ContinuousClock.now - start.time) / .seconds(1), done = progress.done - start.done
    let left = done > 0 ? Double(progress.of - progress.done) * seconds / Double(done) : nil
    if style == .json {
      return ScoringProgressReport.json(
        Self.event(
          "encoding",
          [
            ("what", .string(what)), ("done", .integer(progress.done)), ("of", .integer(progress.of)),
            ("remaining_seconds", left.map(JSON.thousandths)),
          ]))
    }
    let words =
      "encoding \(what): \(progress.done) of \(progress.of)"
      + (left.map { " · \(ScoringProgressReport.duration($0)) left" } ?? "")
    if Console.isTerminal {
      Console.move(to: words)
      lineIsOpen = true
    } else {
      Console.line(words)
    }
  }

  /// What was chosen, and why.
  mutating func plan(_ plan: RecipePlan, full settings: TrainingSettings, posts: Int, seconds: Double) {
    let time = "about \(ScoringProgressReport.duration(seconds)) on this machine (\(settings.epochs) epochs of "
    let estimate = "a training of everything, encoders included, takes \(time)\(posts.counted("post", "posts")))"
    let words =
      switch (plan.recipe, plan.epochs) {
      case (.frozen, _):
        "\(estimate), so the encoders stay frozen and a head is trained on them (--recipe frozen); --recipe fine-tune "
          + "trains everything"
      case (_, let epochs?): "\(estimate), so there are only \(epochs.counted("epoch", "epochs"))"
      case (let recipe, nil): "\(estimate): --recipe \(recipe.rawValue)"
      }
    say(
      words,
      Self.event(
        "plan",
        [
          ("recipe", .string(plan.recipe.rawValue)), ("epochs", plan.epochs.map { .integer($0) }),
          ("fine_tuning_seconds", .thousandths(seconds)),
        ]))
  }

  private mutating func show(_ tried: SearchTry, of count: Int) {
    guard style != .none else { return }
    let candidate = tried.candidate
    let words =
      "try \(tried.number)/\(count) · learning rate \(candidate.rate), \(candidate.classWeights.rawValue) class weights · "
      + (tried.macroF1.map { "validation macro-F1 \(Self.number($0)) in epoch \(tried.epoch ?? 0)" }
        ?? "the numbers became infinite")
    let object = Self.event(
      "try",
      [
        ("try", .integer(tried.number)), ("tries", .integer(count)), ("learning_rate", .real(candidate.rate)),
        ("class_weights", .string(candidate.classWeights.rawValue)), ("epoch", tried.epoch.map { .integer($0) }),
        ("macro_f1", tried.macroF1.map(JSON.real)), ("accuracy", tried.accuracy.map(JSON.real)),
      ])
    say(words, object)
  }

  private mutating func show(_ warning: TrainingWarning) {
    let text = Advice.message(of: warning)
    if told.insert(ByteText(text)).inserted {
      say("warning: \(text)", Self.event("warning", [("kind", .string(warning.name)), ("text", .string(text))]))
    }
  }

  /// Remarks on the inputs, each once.
  mutating func notice(_ text: String) {
    if told.insert(ByteText(text)).inserted {
      say("notice: \(text)", Self.event("notice", [("text", .string(text.withoutIsolates))]))
    }
  }

  /// Prints the rows that cannot be used: the first of each kind, and their number.
  mutating func faults(_ faults: [RowFault]) {
    for fault in faults {
      if style == .json { say("", fault.json) } else if let line = faultLines.line(fault) { say(line, .null) }
    }
    if !faults.isEmpty {
      notice(
        "\(faults.count.counted("row", "rows")) cannot be learnt from, and \(faults.count == 1 ? "is" : "are") left out"
      )
    }
  }

  /// Prints a line, or an object in JSON.
  mutating func say(_ text: String, _ object: JSON) { say([text], object) }

  private mutating func say(_ lines: [String], _ object: JSON) {
    if style == .json { return ScoringProgressReport.json(object) }
    close()
    lines.forEach(Console.line)
  }

  /// Prints an object with its name under `event`.
  static func event(_ name: String, _ members: [(String, JSON?)] = []) -> JSON {
    .members([("event", .string(name))] + members)
  }

  /// Ends the moving line.
  mutating func close() {
    if lineIsOpen { Console.clearLine() }
    lineIsOpen = false
  }

  /// Prints the result.
  mutating func finish(_ outcome: TrainingOutcome, output: String) {
    let best = outcome.best, result = best.validation
    let lines = [
      "epoch \(best.epoch) is the best: macro-F1 \(Self.number(result.macroF1)), accuracy "
        + Self.number(result.accuracy)
        + (outcome.withoutPictures.map {
          " with pictures; \(Self.number($0.macroF1)) and \(Self.number($0.accuracy)) with every picture hidden"
        } ?? ""),
      "wrote the model \(output); score with: clfa score posts.csv --model \(Shell.word(output)) --store posts.sqlite",
    ]
    // The epoch of a warning during the run need not be the best.
    for warning in outcome.warnings { show(warning) }
    let blind = outcome.withoutPictures
    let summary = Self.event(
      "summary",
      [
        ("epoch", .integer(best.epoch)), ("macro_f1", .real(result.macroF1)), ("accuracy", .real(result.accuracy)),
        ("weighted_f1", .real(result.weightedF1)), ("validation_loss", .real(result.loss)),
        ("steps", .integer(outcome.steps)), ("seconds", .thousandths(outcome.seconds)), ("model", .string(output)),
        ("macro_f1_without_pictures", (blind?.macroF1).map(JSON.real)),
        ("accuracy_without_pictures", (blind?.accuracy).map(JSON.real)),
        ("warnings", .array(outcome.warnings.map { .string($0.name) })),
      ])
    say(lines, summary)
  }

  private mutating func show(_ progress: TrainingProgress) {
    if progress.attempt != attempt { (first, attempt) = (nil, progress.attempt) }
    let first = first ?? (progress.step - 1, progress.seconds)
    self.first = first
    let pause: Duration =
      style == .auto && !Console.isTerminal
      ? (shownLines < 2 ? .seconds(5) : .seconds(30)) : .milliseconds(style == .json ? 1000 : 200)
    guard style != .none, ContinuousClock.now - lastShown > pause else { return }
    lastShown = .now
    shownLines += 1
    let steps = Double(progress.step - first.step), seconds = progress.seconds - first.seconds
    let rate = seconds > 0 ? steps / seconds : 0
    // After the last step the validation posts are scored and the model is written.
    // The other tries take as long at most; the best of them is the run.
    let later = (progress.attempt.map { $0.of - $0.number } ?? 0) * progress.steps
    let stepsLeft = progress.steps - progress.step + later
    let left = rate > 0 && stepsLeft > 0 ? Double(stepsLeft) / rate : nil
    if style == .json {
      let object = Self.event(
        "step",
        [
          ("try", progress.attempt.map { .integer($0.number) }), ("epoch", .integer(progress.epoch)),
          ("step", .integer(progress.step)), ("steps", .integer(progress.steps)),
          ("seconds", .thousandths(progress.seconds)), ("rows_per_second", .thousandths(rate * Double(progress.posts))),
          ("remaining_seconds", left.map(JSON.thousandths)),
        ] + progress.terms.map { ($0.name == "loss" ? "loss" : "loss_\($0.name)", .thousandths($0.value)) })
      return ScoringProgressReport.json(object)
    }
    if Console.isTerminal {
      Console.move(to: Self.short(progress, rate, left))
      lineIsOpen = true
      return
    }
    var parts = progress.attempt.map { ["try \($0.number)/\($0.of)"] } ?? []
    parts += ["epoch \(progress.epoch)/\(progress.epochs)", "step \(progress.step)/\(progress.steps)"]
    parts += progress.terms.map { "\($0.name) \(Self.number($0.value))" }
    parts.append(String(format: "%.1f rows/s", rate * Double(progress.posts)))
    if let left { parts.append("\(ScoringProgressReport.duration(left)) left") }
    Console.line(parts.joined(separator: " · "))
  }

  /// One line of at most 80 columns, with the least important last: `epoch 12/40 · 37 % · 9 min left · 512 rows/s ·
  /// text 1.2 …`.
  private static func short(_ progress: TrainingProgress, _ rate: Double, _ left: Double?) -> String {
    var parts = progress.attempt.map { ["try \($0.number)/\($0.of)"] } ?? []
    parts += ["epoch \(progress.epoch)/\(progress.epochs)", "\(min(99, 100 * progress.step / progress.steps)) %"]
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
    if let area = result.pairArea {
      parts.append(String(format: "own picture closer than another %.1f %%", 100 * area.value))
    }
    if record.isBest { parts.append("best so far") }
    let object = Self.event(
      "epoch",
      [
        ("epoch", .integer(record.epoch)), ("steps", .integer(record.steps)), ("loss", .real(record.lossTotal)),
        ("loss_classification", .real(record.lossClassification)), ("macro_f1", .real(result.macroF1)),
        ("accuracy", .real(result.accuracy)), ("weighted_f1", .real(result.weightedF1)),
        ("validation_loss", .real(result.loss)), ("best", .bool(record.isBest)),
        ("loss_text", isAligned ? .real(record.lossText) : nil),
        ("loss_image", isAligned ? .real(record.lossImage) : nil),
        ("loss_features", isAligned ? record.lossFeatures.map(JSON.real) : nil),
        ("pairing", result.pairing.map(JSON.real)), ("text_alignment", result.textAlignment.map(JSON.real)),
        ("image_alignment", result.imageAlignment.map(JSON.real)),
      ] + result.recordedSpaces)
    say(parts.joined(separator: " · "), object)
  }

  private static func number(_ value: Double) -> String { String(format: "%.4f", value) }
}
