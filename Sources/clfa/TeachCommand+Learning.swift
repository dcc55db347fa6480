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
  @OptionGroup var space: SharedSpaceOptions<HeadFitter.Settings>
  @OptionGroup var optimizer: OptimizerOptions<HeadFitter.Settings>

  /// Whether an option is given that belongs to `--learn`.
  var isAnySet: Bool {
    textEncoder != nil || imageEncoder != nil || !validation.isEmpty || space.dim != nil || optimizer.isAnySet
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
    if let temperature = optimizer.temperature, !(0.001...100).contains(temperature) {
      throw ValidationError("--temperature takes 0.001 to 100.")
    }
    if let learningRate = optimizer.learningRate, !(learningRate > 0 && learningRate <= 1) {
      throw ValidationError("--learning-rate takes a number above 0, at most 1.")
    }
    // It is recorded as a signed number.
    if let seed = optimizer.seed, seed > UInt64(Int.max) {
      throw ValidationError("--seed takes a whole number from 0 to \(Int.max).")
    }
  }

  /// The settings that the options give.
  var settings: HeadFitter.Settings {
    var settings = optimizer.settings
    settings.dim = space.dim ?? settings.dim
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
      limits: PictureLimits(truncated: truncated.policy), isPretokenized: words.pretokenized)
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
