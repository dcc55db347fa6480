internal import Tensors
import ArgumentParser
import Scoring
package import Training

/// How a model learns; the defaults are the paper's.
struct LearningOptions: ParsableArguments {
  private static let paper = TrainingSettings()

  @Option(help: ArgumentHelp("Weight of the alignment losses.", valueName: "x")) var alpha = paper.alpha
  @Option(help: ArgumentHelp("Weight of the classification loss.", valueName: "x")) var beta = paper.beta
  @Option(help: ArgumentHelp("Temperature of the alignment loss: cosines are divided by it.", valueName: "x"))
  var temperature = paper.temperature
  @Option(name: .customLong("learning-rate"), help: ArgumentHelp("Highest learning rate.", valueName: "x"))
  var rate = paper.rate
  @Option(help: ArgumentHelp("Learning rate of the encoders. Default: --learning-rate.", valueName: "x"))
  var encoderRate: Double?
  @Option(
    name: .customLong("head-learning-rate"),
    help: ArgumentHelp("Learning rate of everything behind the encoders. Default: --learning-rate.", valueName: "x"))
  var newRate: Double?
  @Option(name: .customLong("weight-decay"), help: ArgumentHelp("Weight decay.", valueName: "x")) var decay = paper
    .decay
  @Option(help: ArgumentHelp("Share of the steps in which the learning rate rises.", valueName: "share"))
  var warmup = paper.warmup
  @Option(
    name: .customLong("gradient-clip"), help: ArgumentHelp("Maximum gradient norm per tensor.", valueName: "x"))
  var clip = paper.clip
  @Option(help: ArgumentHelp("Posts in a batch.", valueName: "n")) var batch = paper.batch
  @Option(help: ArgumentHelp("Batches in a step (gradient accumulation).", valueName: "n")) var accumulate = paper
    .accumulation
  @Option(help: ArgumentHelp("Epochs: how often each post is seen.", valueName: "n")) var epochs = paper.epochs
  @Option(help: ArgumentHelp("Dropout: the share of values that are dropped.", valueName: "share")) var dropout = paper
    .dropout
  @Option(help: ArgumentHelp("The share of posts whose picture is hidden.", valueName: "share"))
  var pictureDropout = paper.pictureDropout
  @Option(help: ArgumentHelp("Random seed.", valueName: "n")) var seed = paper.seed
  @Option(help: ArgumentHelp("text, image or both: encoders that stay as they are, and run once.", valueName: "name"))
  var freeze: FrozenEncoders = .none
  @Option(help: ArgumentHelp("equal or balanced: how much a post of each label weighs.", valueName: "name"))
  var classWeights = paper.classWeights
  @Option(help: ArgumentHelp("macro-f1, accuracy or loss: what the best epoch is chosen by.", valueName: "name"))
  var selection = paper.selection
  @Option(help: ArgumentHelp("Stop after this many epochs without a better one.", valueName: "n")) var patience: Int?
  @Option(help: ArgumentHelp("f32, or bf16, twice as fast where the processor has it.", valueName: "name"))
  var precision = paper.precision

  @Option(help: ArgumentHelp("f32, or f16, half the size: how the model's weights are written.", valueName: "name"))
  var weights = paper.weights

  /// The settings these flags stand for.
  var settings: TrainingSettings {
    var settings = TrainingSettings()
    (settings.alpha, settings.beta, settings.temperature) = (alpha, beta, temperature)
    (settings.rate, settings.encoderRate, settings.newRate) = (rate, encoderRate, newRate)
    (settings.decay, settings.warmup, settings.clip) = (decay, warmup, clip)
    (settings.batch, settings.accumulation, settings.epochs) = (batch, accumulate, epochs)
    (settings.dropout, settings.pictureDropout, settings.seed) = (dropout, pictureDropout, seed)
    (settings.frozen, settings.classWeights) = (freeze.encoders, classWeights)
    (settings.selection, settings.patience, settings.precision) = (selection, patience, precision)
    settings.weights = weights
    return settings
  }

  func validate() throws {
    if !precision.isSupported {
      throw ValidationError("this processor has no bf16 instructions; use --precision f32.")
    }
  }
}

/// What `--freeze` takes.
enum FrozenEncoders: String, ExpressibleByArgument, CaseIterable {
  case none
  case text
  case image
  case both

  var encoders: [EncoderKind] {
    switch self {
    case .none: []
    case .text: [.text]
    case .image: [.image]
    case .both: [.text, .image]
    }
  }
}

extension ClassWeights: ExpressibleByArgument {}
extension Selection: ExpressibleByArgument {}
extension WeightFormat: ExpressibleByArgument {}
extension TrainingPrecision: ExpressibleByArgument {}

/// The files of a training run beside the corpus.
struct TrainingFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A CSV or TSV file of labelled posts to choose the best epoch by. Given again, files are one corpus.",
      valueName: "file"), completion: .file(extensions: ["csv", "tsv"]))
  var validation: [String] = []
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var features: FeatureOptions
  @Option(
    help: ArgumentHelp(
      "A teacher's vectors by the posts' ids: safetensors (text, image, ids) or SQLite; clfa teach makes one.",
      valueName: "file"), completion: .file())
  var teacher: String?
  @Option(
    help: ArgumentHelp(
      "A hub's folder of a BERT, DistilBERT, RoBERTa, CLIP or SigLIP to begin with.", valueName: "folder"),
    completion: .directory)
  var textEncoder: String?
  @Option(
    help: ArgumentHelp(
      "A hub's folder of a ViT, DeiT, DINOv2, CLIP or SigLIP, or a .npz of Google's, to begin with.",
      valueName: "path"),
    completion: .file())
  var imageEncoder: String?
  @Option(help: ArgumentHelp("A model's folder to train on.", valueName: "folder"), completion: .directory)
  var from: String?
  @Option(
    help: ArgumentHelp("The word pieces of a fresh text encoder, one a line.", valueName: "file"), completion: .file())
  var vocabulary: String?
  @Option(
    help: ArgumentHelp(
      "Words or concepts and their polarity from -1 to 1, tab-separated: they bias the text's attention.",
      valueName: "file"), completion: .file())
  var lexicon: String?

  /// The same as values.
  var files: TrainingFiles {
    var files = TrainingFiles()
    (files.validation, files.images, files.features) = (validation, pictures.images, features.selection)
    (files.teacher, files.textEncoder, files.imageEncoder) = (teacher, textEncoder, imageEncoder)
    (files.from, files.vocabulary, files.lexicon) = (from, vocabulary, lexicon)
    return files
  }

  func check(alpha: Double) throws {
    if validation.isEmpty { throw ValidationError("--validation takes a file of labelled posts; there must be one.") }
    if alpha > 0, teacher == nil {
      throw ValidationError(
        "--teacher takes the file of a teacher's vectors (clfa teach makes one); --alpha 0 goes without.")
    }
    if from != nil {
      for (flag, value) in [
        ("--text-encoder", textEncoder), ("--image-encoder", imageEncoder), ("--vocabulary", vocabulary),
      ] where value != nil {
        throw ValidationError("--from keeps the model's own encoders and vocabulary; leave out \(flag).")
      }
    } else if textEncoder == nil, vocabulary == nil {
      throw ValidationError(
        "a text encoder is needed: --text-encoder names a hub's BERT, or --vocabulary and --text-size make a fresh one."
      )
    }
  }
}

/// How one turn of training runs, whatever is trained; none of it changes a bit of what comes out.
struct RunControlOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How often the run's state is written, such as 90s or 1h; a kill loses the work since then. Default: 10m.",
      valueName: "time"))
  var checkpointEvery: DurationArgument?
  @Option(help: ArgumentHelp("Write it after so many steps, too.", valueName: "n")) var checkpointSteps: Int?
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions

  func validate() throws {
    if let checkpointSteps, checkpointSteps < 1 { throw ValidationError("--checkpoint-steps takes a number from 1.") }
  }

  /// How often the state goes to disk.
  var checkpointInterval: CheckpointInterval {
    CheckpointInterval(seconds: (checkpointEvery ?? .tenMinutes).seconds, steps: checkpointSteps)
  }
}

/// What the model's card says beside what the run knows.
struct CardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model's licence, such as apache-2.0.", valueName: "id")) var license: String?
  @Option(
    help: ArgumentHelp("A language of the posts, such as en. Given again, there are several.", valueName: "code"))
  var language: [String] = []
  @Option(
    help: ArgumentHelp(
      "A corpus' name, as hubs know it. Default: the files' stems. Given again, there are several.", valueName: "name"))
  var dataset: [String] = []

  /// Adds what was said.
  func fill(_ facts: inout CardFacts) {
    facts.license = license
    facts.languages = language
    if !dataset.isEmpty { facts.datasets = dataset }
  }
}
