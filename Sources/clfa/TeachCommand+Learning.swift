import ArgumentParser
import Corpus
import Inputs
import Models
import Preparation
import Results
import Bytes
import Training

/// The options of `clfa teach --learn`.
struct HeadLearningOptions: ParsableArguments {
  private static let defaults = HeadFitter.Settings()

  @Flag(help: "Fit projections onto two frozen encoders to the captions of the corpus.") var learn = false
  @Option(
    help: ArgumentHelp("The folder of a BERT, as downloaded from a model hub.", valueName: "folder"),
    completion: .directory)
  var textEncoder: String?
  @Option(
    help: ArgumentHelp("The folder of a ViT, as downloaded from a model hub.", valueName: "folder"),
    completion: .directory)
  var imageEncoder: String?
  @Option(
    help: ArgumentHelp("A corpus of captions to measure the projections on; repeatable.", valueName: "corpus"),
    completion: .corpusFiles)
  var validation: [String] = []
  @Option(
    help: ArgumentHelp("The width of the shared space. Default: \(defaults.dim).", valueName: "n"),
    transform: NumberArgument.whole(1...4096))
  var dim: Int?
  @Option(
    help: ArgumentHelp("The number of epochs. Default: \(defaults.epochs).", valueName: "n"),
    transform: NumberArgument.whole(1...10_000))
  var epochs: Int?
  @Option(
    help: ArgumentHelp(
      "The number of captions per step, each told from all others. Default: \(defaults.batch).", valueName: "n"),
    transform: NumberArgument.whole(2...16_384))
  var batch: Int?
  @Option(
    help: ArgumentHelp("What cosines are divided by. Default: \(defaults.temperature).", valueName: "number"),
    transform: NumberArgument.decimal("from 0.001 to 100"))
  var temperature: Double?
  @Option(
    help: ArgumentHelp("The peak learning rate. Default: \(defaults.learningRate).", valueName: "number"),
    transform: NumberArgument.decimal("above 0, at most 1"))
  var learningRate: Double?
  @Option(
    help: ArgumentHelp("The random seed. Default: \(defaults.seed).", valueName: "n"),
    transform: NumberArgument.whole(0...Int.max))
  var seed: Int?

  /// Whether an option is given that belongs to `--learn`.
  var isAnySet: Bool {
    textEncoder != nil || imageEncoder != nil || !validation.isEmpty || dim != nil || epochs != nil || batch != nil
      || temperature != nil || learningRate != nil || seed != nil
  }

  /// The options, for an error.
  var names: String {
    "--text-encoder, --image-encoder, --validation, --dim, --epochs, --batch, --temperature, --learning-rate and --seed"
  }

  func validate() throws {
    guard learn else { return }
    guard textEncoder != nil, imageEncoder != nil, !validation.isEmpty else {
      throw ValidationError("--learn needs --text-encoder, --image-encoder and --validation.")
    }
    if let temperature, !(0.001...100).contains(temperature) {
      throw ValidationError("--temperature takes 0.001 to 100.")
    }
    if let learningRate, !(learningRate > 0 && learningRate <= 1) {
      throw ValidationError("--learning-rate takes a number above 0, at most 1.")
    }
  }

  /// The settings that the options give.
  var settings: HeadFitter.Settings {
    var settings = Self.defaults
    settings.dim = dim ?? settings.dim
    settings.epochs = epochs ?? settings.epochs
    settings.batch = batch ?? settings.batch
    settings.temperature = temperature ?? settings.temperature
    settings.learningRate = learningRate ?? settings.learningRate
    settings.seed = seed.map(UInt64.init) ?? settings.seed
    return settings
  }
}

extension TeachCommand {
  /// Fits projections, and writes them as a teacher; returns how many rows were faulted.
  func learn(_ shouldStop: @escaping @Sendable () -> Bool) throws -> Int {
    guard let textEncoder = learning.textEncoder, let imageEncoder = learning.imageEncoder else { return 0 }
    try ProjectionHeads.checkPlace(output)
    let line = ProgressLine()
    let work = try HeadLearning(
      textEncoder: textEncoder, imageEncoder: imageEncoder, settings: learning.settings, decoding: decoding.decoding,
      limits: PictureLimits(truncated: truncated.policy))
    func captions(_ paths: [String]) throws -> HeadLearning.Captions {
      let posts = try TeachingPosts(paths: paths, options: options, imagesAreFiles: true) { rows, share in
        line.show { rows.counted("row", "rows") + " read" + ProgressLine.percent(share) }
      }
      line.close()
      tell(posts)
      return HeadLearning.Captions(posts: posts, folders: try pictureFolders(paths, posts))
    }
    let training = try captions(files.corpora), validation = try captions(learning.validation)
    let summary = try work.run(
      training, heldOut: validation, to: output, threads: threads.count, shouldStop: shouldStop
    ) { progress in
      line.show {
        switch progress {
        case .encoded(let done, let count, let isValidation):
          "\(done) of \(count.counted("caption", "captions")) and pictures\(isValidation ? " held out" : "") encoded · "
            + "\(min(99, 100 * done / max(count, 1))) %"
        case .epoch(let epoch, let epochs, let loss):
          "epoch \(epoch) of \(epochs) · loss \(Format.decimal(loss, 4))"
        }
      }
    }
    line.close()
    tell(summary.faults)
    tell(summary)
    return training.posts.faults.count + validation.posts.faults.count + summary.faults.count
  }

  /// `heads: projections into 256 numbers, learnt from 6000 captions with their pictures; loss 4.31, at the end 2.05`
  private func tell(_ summary: HeadLearning.Summary) {
    let settings = learning.settings
    var words = "\(output): projections into \(settings.dim.counted("number", "numbers")), learnt from "
    words += "\(summary.pairs.counted("caption", "captions")) with pictures in "
    words += settings.epochs.counted("epoch", "epochs")
    if let first = summary.losses.first, let last = summary.losses.last {
      words += "; loss \(Format.decimal(first, 4)), at the end \(Format.decimal(last, 4))"
    }
    Console.line(words)
    if summary.known > 0 {
      Console.line(
        "notice: \(summary.known.counted("held-out caption has", "held-out captions have")) a picture that was learnt from; they "
          + "are left out of the measurement")
    }
    TeacherPairsReport(summary.heldOut, isHeldOut: true).lines.forEach(Console.line)
    Console.line(
      "use it with: clfa teach posts.csv --teacher \(Shell.word(output)) --image-column COLUMN -o teacher.safetensors")
  }
}
