internal import Tensors
import ArgumentParser
import Bytes
import Corpus
import Models
import Reporting
import Scoring
import Synchronization
import Training

/// `clfa train`: trains a model on labelled posts.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on labelled posts, with CLFA's alignment of text and picture.",
    discussion: """
      Learns the labels of the posts, and aligns the vectors of text and picture with those of a teacher (--alpha 0 \
      turns alignment off). The epoch with the best result on the posts of --validation is kept. The folder of -o is \
      created when training is complete; until then FOLDER.training contains the state of the run, and --resume \
      continues it and ends with the same bytes. The same seed gives bit-identical results on any number of threads.

      The encoders can be a BERT and a ViT from a model hub (--text-encoder, --image-encoder), new ones \
      (--text-size, --image-size), or those of another model (--from).

      EXAMPLE
        clfa train train.csv --validation valid.csv --text-encoder bert \\
          --image-encoder vit --teacher clip.safetensors -o MODEL
        clfa train train.csv --validation valid.csv --from MODEL --alpha 0 \\
          --learning-rate 5e-6 --epochs 3 -o MODEL-2
        clfa train train.csv --validation valid.csv --vocabulary vocab.txt \\
          --text-size 3x128 --image-size 4x128/16@64 --alpha 0 -o small
        clfa train train.csv --validation valid.csv --text-encoder bert \\
          --image-encoder vit --teacher clip.safetensors -o MODEL --resume
      """)

  @OptionGroup var corpus: CorpusArguments
  @OptionGroup(title: "Files") var files: TrainingFileOptions
  @OptionGroup(title: "Model") var model: NewModelOptions
  @OptionGroup(title: "Learning") var learning: LearningOptions
  @OptionGroup(title: "Card") var card: CardOptions
  @OptionGroup var folder: NewFolderOptions
  @Flag(help: "Continue the run in FOLDER.training; repeat its other flags.") var resume = false
  @OptionGroup var turn: RunControlOptions

  func validate() throws {
    if let fault = learning.settings.fault { throw ValidationError(fault + ".") }
    try files.check(alpha: learning.alpha)
    try model.check(files)
  }

  func run() throws {
    let output = folder.path
    try TrainingSession.run(turn.progress.style, resumeHint: "the same command with --resume") { report in
      if try Trainer.check(output: output, resume: resume) {
        return report.say(
          "the run was already finished; its model is \(output)",
          TrainingProgressReport.event("done", [("model", .string(output))]))
      }
      let materials = try Interrupt.watching {
        try TrainingInputs(
          corpora: corpus.corpora, columns: corpus.options, files: files.files, threads: turn.threads.count,
          imageSize: model.imageSize?.side)
      }
      let task = TrainTask(
        materials: materials, model: model, lexicon: files.lexicon, card: card, settings: learning.settings,
        cache: try turn.encodingCache(learning.settings.frozen))
      let outcome = try task.run(
        try Interrupt.watching { try task.trainerInputs(&report) }, output: output, resume: resume,
        checkpoints: turn.checkpointInterval, &report)
      report.finish(outcome, output: output)
    }
  }
}

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

  /// Trains, from the last checkpoint if the run resumes; `begun` is called once the run has locked its folder.
  func run(
    _ trainerInputs: TrainerInputs, output: String, resume: Bool, checkpoints: CheckpointInterval,
    _ report: inout TrainingProgressReport,
    begun: () throws -> Void = {}
  ) throws -> TrainingOutcome {
    let before = cache?.counts ?? EncodingCache.Counts()
    let trainer = try Interrupt.watching {
      try Trainer(
        trainerInputs.start, settings, training: trainerInputs.training, validation: trainerInputs.validation,
        output: output, resume: resume, threads: materials.threads, cache: cache,
        shouldStop: { Interrupt.isRequested })
    }
    try begun()
    if let cache { report.notice(Self.words(cache.counts.since(before), cache.path)) }
    report.say(
      "\(trainerInputs.training.count.counted("post", "posts")) to learn from, \(trainerInputs.validation.count) to validate with; "
        + "\(trainerInputs.start.configuration.parameters) parameters; \(trainer.steps.counted("step", "steps"))",
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
      card: facts(output), checkpoints: checkpoints, observe: { lines.show($0) },
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
      labels: model.labelOrder?.split(separator: ",").map { ByteText($0) }, configuration: model.configuration)
    return try materials.trainerInputs(newModel, settings) { event in
      switch event {
      case .lacking(let column): report.notice(FeatureOptions.notice(lacking: column))
      case .cutPictures(let count):
        report.notice(
          "\(count.counted("picture ends", "pictures end")) early in \(count == 1 ? "its file" : "their files"), and "
            + "\(count == 1 ? "is" : "are") seen as far as \(count == 1 ? "it goes" : "they go")")
      case .notice(let text): report.notice(text)
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
    case .shared(let count):
      "\(count.counted("post", "posts")) to validate with \(count == 1 ? "is" : "are") also in training, so the numbers "
        + "will be too good"
    }
  }

  private func facts(_ output: String) -> CardFacts {
    let threads = materials.threads, machine = Machine(threads: threads)
    var facts = CardFacts(
      name: FileStem.of(output), version: Version.number,
      machine: "\(machine.processor), \(threads.counted("thread", "threads")), \(machine.library)",
      command: Shell.line(["clfa"] + CommandLine.arguments.dropFirst()))
    facts.datasets = (materials.corpora + materials.files.validation).map(FileStem.of)
    card.fill(&facts)
    facts.peakMemory = { Tensors.peakMemory() }
    return facts
  }
}

/// One process' part of a training: a signal ends it cleanly, and with JSON progress every end is an object.
enum TrainingSession {
  /// Runs the work.
  ///
  /// - Parameters:
  ///   - progress: the style of progress.
  ///   - resumeHint: how to continue an interrupted run, in words.
  ///   - body: the work; it gets the progress report.
  /// - Throws: errors of the work, or exit code 130 if a signal was the cause.
  static func run(
    _ progress: ProgressStyle, resumeHint: String, _ body: (inout TrainingProgressReport) throws -> Void
  ) throws {
    Interrupt.install()
    Interrupt.ending.withLock { $0 = { sayNothingChanged(TrainingProgressReport(style: progress)) } }
    var report = TrainingProgressReport(style: progress)
    do {
      try body(&report)
    } catch TrainingError.interrupted(let step, let steps, let checkpoint) {
      report.close()
      report.say(
        "\(TrainingError.interrupted(step: step, steps: steps, checkpoint: checkpoint)); \(resumeHint) goes on",
        TrainingProgressReport.event("interrupted", [("step", .integer(step)), ("steps", .integer(steps))]))
      throw ExitStatus.interrupted
    } catch let code as ExitCode {
      throw code
    } catch ScoringError.interrupted {
      throw ExitStatus.interrupted
    } catch {
      report.close()
      if Interrupt.isRequested {
        sayNothingChanged(report)
        throw ExitStatus.interrupted
      }
      if progress == .json { ScoringProgressReport.error(Advice.message(of: error)) }
      throw error
    }
  }

  private static func sayNothingChanged(_ report: consuming TrainingProgressReport) {
    report.say(
      "interrupted; nothing was changed, so run the command again", TrainingProgressReport.event("interrupted"))
  }
}
