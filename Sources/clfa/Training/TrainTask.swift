internal import Tensors
import Bytes
import Corpus
import Foundation
import Models
import Reporting
import Scoring
import Training

/// A validated training run of `clfa train` or of a cell of `clfa ablate`: reads the inputs, trains, and prints the
/// result.
struct TrainTask {
  let materials: TrainingInputs
  let model: NewModelOptions
  /// The lexicon's file; nil for a model without one.
  let lexicon: String?
  let card: CardOptions
  let settings: TrainingSettings
  /// Keeps what frozen encoders compute; nil if nothing does.
  let cache: EncodingCache?
  /// Where the settings that are not given come from.
  let recipe: TrainingRecipe
  /// Whether the recipe chooses the share of pictures to hide.
  var setsPictureDropout = false
  /// Whether the recipe's batch may be smaller, for a corpus with fewer posts.
  var fitsBatch = false
  /// What a continued run needs; nil for a cell of an ablation.
  var plan: RecipePlan?
  /// The tries that come before the training; nil without a search.
  var grid: SettingSearch.Grid?
  /// The seconds that the search may take with the run.
  var budget: Double?
  /// Whether the precision is measured; a continued run has it in its plan.
  var choosesPrecision = false

  /// The precision to train in; a continued run keeps the one that was measured.
  private func precision(_ inputs: TrainerInputs, output: String, resume: Bool) throws -> PrecisionChoice {
    try PrecisionChoice(
      asked: choosesPrecision ? nil : Precision(rawValue: settings.precision.rawValue), isQuantised: false,
      kept: { _ in
        let known = resume ? plan?.precision : nil
        return known.flatMap { Precision(rawValue: $0.rawValue) }.map { ($0, ByteText(output)) }
      },
      measure: {
        try PrecisionRates(measuring: $0, of: inputs.start.configuration, threads: materials.threads)
      })
  }

  /// Trains, from the last checkpoint if the run resumes; `begun` is called once the run has locked its folder.
  func run(
    _ trainerInputs: TrainerInputs, output: String, resume: Bool, checkpoints: CheckpointInterval,
    _ report: inout TrainingProgressReport,
    begun: () throws -> Void = {}
  ) throws -> TrainingOutcome {
    var settings = settings
    if fitsBatch { settings.batch = min(settings.batch, trainerInputs.training.count) }
    if setsPictureDropout, let share = recipe.pictureDropout(for: trainerInputs) {
      settings.pictureDropout = share
      report.notice(
        "some posts have no picture, so \(share) of the pictures are hidden in training (--picture-dropout)")
    }
    let choice = try precision(trainerInputs, output: output, resume: resume)
    if let notice = choice.notice() { report.notice(notice) }
    var plan = plan
    if choosesPrecision, let chosen = TrainingPrecision(rawValue: choice.precision.rawValue) {
      settings.precision = chosen
      plan?.precision = chosen
    }
    let before = cache?.counts ?? EncodingCache.Counts()
    var shown = report
    let trainer = try Interrupt.watching {
      try Trainer(
        trainerInputs.start, settings, training: trainerInputs.training, validation: trainerInputs.validation,
        output: output, resume: resume, plan: plan, search: grid, budget: budget, threads: materials.threads,
        cache: cache, shouldStop: { Interrupt.isRequested }, encoding: { shown.show($0) })
    }
    shown.close()
    report = shown
    try begun()
    if let cache { report.notice(Self.words(cache.counts.since(before), cache.path)) }
    report.say(
      "\(trainerInputs.training.count.counted("post", "posts")) to learn from, \(trainerInputs.validation.count) to validate with; "
        + "\(trainerInputs.start.configuration.parameters) parameters; \(trainer.steps.counted("step", "steps"))"
        + (grid.map { " in each of \($0.candidates.count) tries at most" } ?? ""),
      TrainingProgressReport.event(
        "started",
        [
          ("posts", .integer(trainerInputs.training.count)),
          ("validation_posts", .integer(trainerInputs.validation.count)),
          ("parameters", .integer(trainerInputs.start.configuration.parameters)), ("steps", .integer(trainer.steps)),
        ]))
    // The closure may not change its argument, so it changes a copy.
    report.isAligned = settings.alpha > 0
    var lines = report
    defer { report = lines }
    let outcome = try trainer.run(
      card: facts(output, settings), checkpoints: checkpoints, observe: { lines.show($0) },
      shouldStop: { Interrupt.isRequested })
    lines.close()
    // Without its pages the model is still there.
    do {
      try TrainingDocument.add(to: output)
    } catch {
      lines.notice("\(TrainingDocument.path(in: output)) could not be made: \(Advice.message(of: error))")
    }
    return outcome
  }

  /// Reads the inputs of the run.
  func trainerInputs(_ report: inout TrainingProgressReport) throws -> TrainerInputs {
    let newModel = TrainingInputs.NewModel(
      lexicon: lexicon, maxFeatureRows: model.maxFeatureRows ?? 512,
      labels: model.labelOrder?.split(separator: ",").map { ByteText($0) },
      configuration: { [model, recipe, lexicon, materials] width in
        try model.configuration(
          recipe, dim: width, readsMore: lexicon != nil || materials.files.namesFeatures)
      })
    return try materials.trainerInputs(newModel, settings) { event in
      switch event {
      case .lacking(let column): report.notice(FeatureOptions.notice(lacking: column))
      case .cutPictures(let count):
        report.notice(
          "\(count.counted("picture ends", "pictures end")) early in \(count == 1 ? "its file" : "their files"), and "
            + "\(count == 1 ? "is" : "are") seen as far as \(count == 1 ? "it goes" : "they go")")
      case .notice(let text): report.notice(text)
      case .heldOut(let count, let all):
        report.notice(
          "\(count) of \(all) posts are held out to validate with, because no --validation is given; posts with the same "
            + "text or picture stay together")
      case .faults(let faults): report.faults(faults)
      case .training(let notice): report.notice(Self.words(notice))
      }
    }
  }

  private static func words(_ counts: EncodingCache.Counts, _ path: String) -> String {
    "\(path.printable): \(counts.found.counted("text or picture was", "texts and pictures were")) encoded already, "
      + "\(counts.computed) \(counts.computed == 1 ? "was" : "were") encoded now"
      + (counts.removed == 0
        ? "" : "; \(counts.removed) of other runs \(counts.removed == 1 ? "was" : "were") removed to make room")
  }

  private static func percent(_ count: Int, _ all: Int) -> String {
    String(format: "%.1f %%", 100 * Double(count) / Double(max(all, 1)))
  }

  private static func words(_ notice: TrainingNotice) -> String {
    switch notice {
    case .labelsAreNumbers: "the labels are bare numbers; give them names with --labels 0=name,1=name"
    case .newLabels(let labels): "new to the model, and learnt from nothing: \(labels.listed())"
    case .untaught(let count):
      "\(count.counted("post has", "posts have")) no teacher vectors, and \(count == 1 ? "is" : "are") left out of "
        + "the alignment loss"
    case .untaughtInValidation(let count):
      "\(count.counted("post", "posts")) to validate with \(count == 1 ? "has" : "have") no teacher vectors, and "
        + "\(count == 1 ? "is" : "are") left out of the cosines"
    case .teacherIsOnlyCompared: "--alpha 0: the teacher's vectors are only compared with the model's, not learnt from"
    case .nothingToAlign: "--batch 1: alignment compares the posts of a batch, so it learns nothing from a single post"
    case .softLabels(let words): words
    case .withoutPicture(let count, let all):
      "\(count) of \(all) posts to learn from have no picture (\(percent(count, all)))"
    case .withoutText(let count, let all):
      "\(count) of \(all) posts to learn from have no text (\(percent(count, all)))"
    case .fewPosts(let labels):
      "few posts to learn from: " + labels.map { "\($0.label.text) \($0.count)" }.listed()
        + "; a label with fewer than \(TrainingNotice.leastPosts) is hardly learnt"
    case .notValidated(let labels):
      "no post to validate with is \(labels.listed()), so the best epoch is chosen without \(labels.count == 1 ? "it" : "them")"
    case .sharedText(let count):
      "\(count.counted("post", "posts")) to validate with \(count == 1 ? "has" : "have") a text that is also in training, so the "
        + "numbers may be too good; clfa check lists them"
    case .sharedPicture(let count):
      "\(count.counted("post", "posts")) to validate with \(count == 1 ? "has" : "have") a picture that is also in training, so the "
        + "numbers may be too good; clfa check lists them"
    case .shared(let count):
      "\(count.counted("post", "posts")) to validate with \(count == 1 ? "is" : "are") also in training, so the numbers "
        + "will be too good"
    }
  }

  private func facts(_ output: String, _ settings: TrainingSettings) -> CardFacts {
    let threads = materials.threads, machine = Machine(threads: threads)
    var facts = CardFacts(
      name: FileStem.of(output), version: Version.number,
      machine: "\(machine.processor), \(threads.counted("thread", "threads")), \(machine.library)",
      command: Shell.line(["clfa"] + CommandLine.arguments.dropFirst()))
    facts.datasets = (materials.corpora + materials.files.validation).map(FileStem.of)
    card.fill(&facts)
    let changes = recipe.changes(in: settings, hasTeacher: materials.files.teacher != nil)
    facts.recipe = recipe.rawValue + (changes.isEmpty ? "" : ", changed: " + changes.joined(separator: ", "))
    facts.peakMemory = { Tensors.peakMemory() }
    return facts
  }
}
