internal import Tensors
import ArgumentParser
import Models
import Scoring
package import Training

/// The training settings; the defaults are the paper's.
struct LearningOptions: ParsableArguments {
  private static let paper = TrainingSettings()

  @Option(
    help: ArgumentHelp(
      "Weight of the alignment losses; 0 trains without alignment. Default: \(paper.alpha).", valueName: "x"),
    transform: NumberArgument.decimal("from 0"))
  var alpha = paper.alpha
  @Option(
    help: ArgumentHelp("Weight of the classification loss. Default: \(paper.beta).", valueName: "x"),
    transform: NumberArgument.decimal("from 0"))
  var beta = paper.beta
  @OptionGroup var optimizer: OptimizerOptions<TrainingSettings>
  @Option(
    help: ArgumentHelp("Learning rate of the encoders. Default: --learning-rate.", valueName: "x"),
    transform: NumberArgument.decimal("from 0 to 1"))
  var encoderRate: Double?
  @Option(
    name: .customLong("head-learning-rate"),
    help: ArgumentHelp("Learning rate of the layers after the encoders. Default: --learning-rate.", valueName: "x"),
    transform: NumberArgument.decimal("from 0 to 1"))
  var newRate: Double?
  @Option(
    name: .customLong("weight-decay"), help: ArgumentHelp("Weight decay. Default: \(paper.decay).", valueName: "x"),
    transform: NumberArgument.decimal("from 0 to 1"))
  var decay = paper.decay
  @Option(
    help: ArgumentHelp(
      "Share of the steps for warm-up, in which the learning rate rises from 0. Default: \(paper.warmup).",
      valueName: "share"),
    transform: NumberArgument.decimal("from 0 to below 1"))
  var warmup = paper.warmup
  @Option(
    name: .customLong("gradient-clip"),
    help: ArgumentHelp("Maximum gradient norm per tensor. Default: \(paper.clip).", valueName: "x"),
    transform: NumberArgument.decimal("above 0"))
  var clip = paper.clip
  @Option(
    help: ArgumentHelp(
      "Batches per optimizer step (gradient accumulation). Default: \(paper.accumulation).", valueName: "n"),
    transform: NumberArgument.whole(1...65_536))
  var accumulate = paper.accumulation
  @Option(
    help: ArgumentHelp("Dropout: the share of values set to 0. Default: \(paper.dropout).", valueName: "share"),
    transform: NumberArgument.decimal("from 0 to below 1"))
  var dropout = paper.dropout
  @Option(
    help: ArgumentHelp(
      "The share of posts whose picture is hidden in each epoch, so that the model learns posts without one. Default: \(paper.pictureDropout).",
      valueName: "share"),
    transform: NumberArgument.decimal("from 0 to 1"))
  var pictureDropout = paper.pictureDropout
  @Option(
    help: ArgumentHelp(
      "text, image or both: encoders whose weights are not trained. Each input is then encoded only once.",
      valueName: "name"))
  var freeze: FrozenEncoders = .none
  @Option(
    help: ArgumentHelp(
      "equal or balanced: the weight of each label's posts; balanced gives rare labels a higher weight.",
      valueName: "name"))
  var classWeights = paper.classWeights
  @Option(
    help: ArgumentHelp(
      "macro-f1, accuracy or loss: the measure by which the best epoch is selected.", valueName: "name"))
  var selection = paper.selection
  @Option(
    help: ArgumentHelp("Stop after this many epochs without improvement. Default: run all epochs.", valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var patience: Int?
  @Option(
    help: ArgumentHelp(
      "f32 or bf16: the number format for matrix products. bf16 is about twice as fast if the processor supports it.",
      valueName: "name"))
  var precision = paper.precision

  @Option(
    help: ArgumentHelp("f32 or f16: the number format of the model file; f16 halves its size.", valueName: "name"))
  var weights = paper.weights

  /// The settings equivalent to these flags.
  var settings: TrainingSettings {
    var settings = optimizer.settings
    (settings.alpha, settings.beta) = (alpha, beta)
    (settings.encoderRate, settings.newRate) = (encoderRate, newRate)
    (settings.decay, settings.warmup, settings.clip) = (decay, warmup, clip)
    (settings.accumulation, settings.dropout, settings.pictureDropout) = (accumulate, dropout, pictureDropout)
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

/// The values of `--freeze`.
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

/// The files of a training run, other than the corpus.
struct TrainingFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of labelled posts for selecting the best epoch, in any format of a corpus. Repeated files form one corpus.",
      valueName: "file"), completion: .corpusFiles)
  var validation: [String] = []
  @OptionGroup var pictures: PictureFolderOptions
  @OptionGroup var truncated: TruncatedPictureOptions
  @OptionGroup var features: FeatureOptions
  @OptionGroup var softLabels: SoftLabelOptions
  @Option(
    help: ArgumentHelp(
      "A file of a teacher's vectors with the posts' ids: safetensors (text, image, ids) or SQLite. clfa teach makes one.",
      valueName: "file"), completion: .file())
  var teacher: String?
  @Option(
    help: ArgumentHelp(
      "The text encoder to start from: a BERT, DistilBERT, RoBERTa, CLIP or SigLIP folder from a model hub.",
      valueName: "folder"),
    completion: .directory)
  var textEncoder: String?
  @Option(
    help: ArgumentHelp(
      "The picture encoder to start from: a ViT, DeiT, DINOv2, CLIP or SigLIP folder from a model hub, or a .npz file of Google's ViT.",
      valueName: "path"),
    completion: .file())
  var imageEncoder: String?
  @Option(
    help: ArgumentHelp(
      "The model that a LoRA adapter changes, where --text-encoder or --image-encoder is the folder of one (PEFT). Twice for two: the text encoder's first.",
      valueName: "folder"),
    completion: .directory)
  var base: [String] = []
  @Option(
    help: ArgumentHelp("Start from this model folder and continue its training.", valueName: "folder"),
    completion: .directory)
  var from: String?
  @Option(
    help: ArgumentHelp(
      "The vocabulary file (vocab.txt) of a new text encoder, one word piece per line.", valueName: "file"),
    completion: .file())
  var vocabulary: String?
  @OptionGroup var words: PretokenizedOptions
  @Option(
    help: ArgumentHelp(
      "A lexicon: words or concepts with their polarity from -1 to 1, tab-separated. It biases the text's attention.",
      valueName: "file"), completion: .file())
  var lexicon: String?

  /// The same as values.
  var files: TrainingFiles {
    var files = TrainingFiles()
    (files.validation, files.images, files.features) = (validation, pictures.location, features.selection)
    (files.teacher, files.textEncoder, files.imageEncoder) = (teacher, textEncoder, imageEncoder)
    let (text, image) = adapters
    (files.textBase, files.imageBase) = (text ? base.first : nil, image ? base.last : nil)
    (files.from, files.vocabulary, files.lexicon) = (from, vocabulary, lexicon)
    files.isPretokenized = words.pretokenized
    (files.truncatedPictures, files.softLabels) = (truncated.policy, softLabels.source)
    return files
  }

  /// Whether each encoder is a LoRA adapter.
  private var adapters: (text: Bool, image: Bool) {
    (
      textEncoder.map { HubTextEncoder.isAdapter($0) } ?? false,
      imageEncoder.map { HubTextEncoder.isAdapter($0) } ?? false
    )
  }

  func check(alpha: Double) throws {
    if !base.isEmpty {
      let (text, image) = adapters, count = (text ? 1 : 0) + (image ? 1 : 0)
      if count == 0 {
        throw ValidationError(
          "--base is the model that a LoRA adapter changes; neither --text-encoder nor --image-encoder is the folder of one."
        )
      }
      if base.count > count {
        throw ValidationError("give --base once for each LoRA adapter; there \(count == 1 ? "is 1" : "are \(count)").")
      }
    }
    if validation.isEmpty { throw ValidationError("give --validation FILE, a file of labelled posts.") }
    if alpha > 0, teacher == nil {
      throw ValidationError(
        "give --teacher FILE (made by clfa teach), or --alpha 0 to train without one.")
    }
    if from != nil {
      for (flag, value) in [
        ("--text-encoder", textEncoder), ("--image-encoder", imageEncoder), ("--vocabulary", vocabulary),
      ] where value != nil {
        throw ValidationError("--from keeps the model's own encoders and vocabulary; leave out \(flag).")
      }
      if words.pretokenized {
        throw ValidationError("--from keeps the model's own tokenizer; leave out --pretokenized.")
      }
    } else if textEncoder == nil, vocabulary == nil {
      throw ValidationError(
        "a text encoder is needed: give --text-encoder FOLDER, or --vocabulary and --text-size for a new one."
      )
    }
  }
}

/// How a training command runs; none of these options changes the result.
struct RunControlOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Time between checkpoints, such as 90s or 1h. If clfa is killed, the work since the last one is lost. Default: 10m.",
      valueName: "time"), transform: DurationArgument.init(parsing:))
  var checkpointEvery: DurationArgument?
  @Option(
    help: ArgumentHelp("Also write a checkpoint after this many steps.", valueName: "n"),
    transform: NumberArgument.whole(1...Int.max))
  var checkpointSteps: Int?
  @Option(
    help: ArgumentHelp(
      "Keep what frozen encoders (--freeze) compute in this folder, and take from there what earlier runs computed. Default: not kept.",
      valueName: "folder"), completion: .directory)
  var cache: String?
  @Option(
    help: ArgumentHelp(
      "The size of --cache in gigabytes; above it, what was unused longest is removed. Default: 10.",
      valueName: "n"), transform: NumberArgument.whole(1...1_000_000))
  var cacheSize = 10
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions

  /// The file of encoders' outputs, opened; nil if none is kept.
  func encodingCache(_ frozen: [EncoderKind]) throws -> EncodingCache? {
    guard let cache, !frozen.isEmpty else { return nil }
    return try EncodingCache(folder: cache, limit: cacheSize * 1_000_000_000, version: Version.number)
  }

  /// The interval between checkpoints.
  var checkpointInterval: CheckpointInterval {
    CheckpointInterval(seconds: (checkpointEvery ?? .tenMinutes).seconds, steps: checkpointSteps)
  }
}

/// Facts for the model's card that the run itself does not have.
struct CardOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The model's licence for its card, such as apache-2.0.", valueName: "id")) var license:
    String?
  @Option(
    help: ArgumentHelp("A language of the posts for the model's card, such as en. Can be repeated.", valueName: "code"))
  var language: [String] = []
  @Option(
    help: ArgumentHelp(
      "The name of a corpus for the model's card, as on a hub. Can be repeated. Default: the files' names without their endings.",
      valueName: "name"))
  var dataset: [String] = []

  /// Adds the given facts.
  func fill(_ facts: inout CardFacts) {
    facts.license = license
    facts.languages = language
    if !dataset.isEmpty { facts.datasets = dataset }
  }
}
