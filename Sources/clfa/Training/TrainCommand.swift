import ArgumentParser
import Corpus
import Scoring
import Training

/// `clfa train`: labelled posts in, a model folder out.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model on labelled posts: CLFA's alignment, any aggregation, from any BERT and ViT.",
    discussion: """
      Reads labelled posts, aligns text and picture with a teacher's vectors (--alpha 0 goes without), learns the \
      labels, and keeps the epoch that answers the posts of --validation best. The folder of -o appears when it is \
      whole; until then FOLDER.training holds the run's state, and --resume goes on from it to the same bytes. One seed \
      gives the same bits on any number of threads.

      EXAMPLE
        clfa train train.csv --validation valid.csv --text-encoder bert \\
          --image-encoder vit --teacher clip.safetensors -o MODEL
        clfa train train.csv --validation valid.csv --from MODEL --alpha 0 \\
          --rate 5e-6 --epochs 3 -o MODEL-2
        clfa train train.csv --validation valid.csv --vocabulary vocab.txt \\
          --text-size 3x128 --image-size 4x128/16@64 --alpha 0 -o small
        clfa train train.csv --validation valid.csv --text-encoder bert \\
          --image-encoder vit --teacher clip.safetensors -o MODEL --resume
      """)

  @OptionGroup var corpus: CorpusFlags
  @OptionGroup(title: "Files") var files: TrainFiles
  @OptionGroup(title: "Model") var model: TrainModelFlags
  @OptionGroup(title: "Learning") var learning: LearningFlags
  @OptionGroup(title: "Card") var card: CardFlags
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("The model's folder to make; there must be none.", valueName: "folder"), completion: .directory)
  var output: String
  @Flag(help: "Go on with the run that FOLDER.training holds; give the same command.") var resume = false
  @OptionGroup var turn: TurnFlags

  func validate() throws {
    if output.isEmpty { throw ValidationError("-o takes the name of a folder.") }
    if let fault = learning.settings.fault { throw ValidationError(fault + ".") }
    try files.check(alpha: learning.alpha)
    try model.check(files)
  }

  func run() throws {
    try TrainingTurn.run(turn.progress, goOn: "the same command with --resume") { report in
      if try Trainer.check(output: output, resume: resume) {
        return report.say("\(output) is the model; the run was done", ["event": "done", "model": output])
      }
      let materials = try Interruptible.watching {
        try TrainMaterials(
          corpora: corpus.corpora, columns: corpus.options, files: files, threads: turn.crew,
          imageSize: model.imageSize?.side)
      }
      let task = TrainTask(
        materials: materials, model: model, lexicon: files.lexicon, card: card, settings: learning.settings)
      let outcome = try task.run(
        try Interruptible.watching { try task.lessons(&report) }, output: output, resume: resume,
        checkpoints: turn.pace, &report)
      report.finish(outcome, output: output)
    }
  }
}
