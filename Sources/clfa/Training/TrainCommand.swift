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
        clfa train posts.csv --text-encoder minilm --image-encoder vit -o MODEL
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
  @Option(
    help: ArgumentHelp(
      "The time that training may take, such as 30m or 8h: frozen encoders, fewer epochs or fewer tries are chosen to fit, and the output says which. Encoding is not counted.",
      valueName: "time"), transform: DurationArgument.init(parsing:))
  var timeBudget: DurationArgument?
  @OptionGroup var turn: RunControlOptions

  /// What the command leaves open.
  private var choice: RecipeChoice {
    RecipeChoice(
      named: learning.recipe, setsLearning: learning.setsLearning,
      hasEncoders: files.from == nil && files.textEncoder != nil
        && (files.imageEncoder != nil || model.readsTextsOnly && model.imageSize == nil))
  }

  func validate() throws {
    for recipe in choice.candidates {
      let settings = self.settings(RecipePlan(recipe))
      if let fault = settings.fault { throw ValidationError(fault + ".") }
      try files.check(alpha: settings.alpha)
      _ = try learning.grid(recipe)
    }
    try model.check(files)
  }

  private func settings(_ plan: RecipePlan) -> TrainingSettings {
    var settings = learning.settings(plan.recipe, hasTeacher: files.teacher != nil)
    settings.epochs = plan.epochs ?? settings.epochs
    return settings
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
      materials.heldOutSeed = learning.optimizer.seed ?? materials.heldOutSeed
      let task = try planned(materials, output: output, &report)
      let outcome = try task.run(
        try Interrupt.watching { try task.trainerInputs(&report) }, output: output, resume: resume,
        checkpoints: turn.checkpointInterval, &report)
      report.finish(outcome, output: output)
    }
  }
}

extension TrainCommand {
  /// The training that fits into the time: that of an unfinished run, or a measured one.
  private func planned(
    _ materials: TrainingInputs, output: String, _ report: inout TrainingProgressReport
  ) throws -> TrainTask {
    let budget = timeBudget?.seconds
    func task(_ plan: RecipePlan, _ report: inout TrainingProgressReport) throws -> TrainTask {
      let settings = self.settings(plan)
      return TrainTask(
        materials: materials, model: model, lexicon: files.lexicon, card: card, settings: settings,
        cache: try turn.encodingCache(settings.frozen, &report), recipe: plan.recipe,
        setsPictureDropout: learning.pictureDropout == nil,
        fitsBatch: learning.optimizer.batch == nil && plan.recipe != .paper, plan: plan,
        grid: try learning.grid(plan.recipe), budget: budget, choosesPrecision: learning.precision == .auto)
    }
    if resume, let plan = RecipePlan.recorded(output: output), choice.candidates.contains(plan.recipe) {
      return try task(plan, &report)
    }
    if case .fixed(let recipe) = choice, budget == nil || recipe == .frozen {
      return try task(RecipePlan(recipe), &report)
    }
    let full = choice.recipe(fineTuning: 0), settings = self.settings(RecipePlan(full))
    let measured = try task(RecipePlan(full), &report)
    let (inputs, estimate) = try Interrupt.watching {
      let inputs = try measured.trainerInputs(&report)
      report.say(
        "measuring how long a training of everything would take",
        TrainingProgressReport.event("measuring", [("posts", .integer(inputs.training.count))]))
      let start = ContinuousClock.now
      let estimate = try TimeEstimate.ofFineTuning(inputs, threads: materials.threads) {
        (ContinuousClock.now - start) / .seconds(1)
      }
      return (inputs, estimate)
    }
    func seconds(_ epochs: Int) -> Double {
      estimate.seconds(posts: inputs.training.count, validation: inputs.validation.count, epochs: epochs)
    }
    let plan = RecipePlan.deciding(choice, epochs: settings.epochs, seconds: seconds, budget: budget)
    report.plan(plan, full: settings, posts: inputs.training.count, seconds: seconds(settings.epochs))
    return try task(plan, &report)
  }
}
