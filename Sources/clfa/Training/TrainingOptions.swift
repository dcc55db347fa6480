internal import Tensors
import ArgumentParser
import Models
import Scoring
package import Training

/// The training settings; what is not given is the recipe's.
struct LearningOptions: ParsableArguments {
  private static let paper = TrainingSettings()

  @Option(
    help: ArgumentHelp(
      "frozen, fine-tune or paper: settings that belong together (docs/train.md); every other flag still changes its setting. Default: paper, but with pretrained encoders and no flag about learning, fine-tune, or frozen if fine-tuning would take over three minutes here.",
      valueName: "name"))
  var recipe: TrainingRecipe?
  @Option(
    help: ArgumentHelp(
      "Weight of the alignment losses; 0 trains without alignment. Default: \(paper.alpha).", valueName: "x"),
    transform: NumberArgument.decimal("from 0"))
  var alpha: Double?
  @Option(
    help: ArgumentHelp("Weight of the classification loss. Default: \(paper.beta).", valueName: "x"),
    transform: NumberArgument.decimal("from 0"))
  var beta: Double?
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
  var decay: Double?
  @Option(
    help: ArgumentHelp(
      "Share of the steps for warm-up, in which the learning rate rises from 0. Default: \(paper.warmup).",
      valueName: "share"),
    transform: NumberArgument.decimal("from 0 to below 1"))
  var warmup: Double?
  @Option(
    name: .customLong("gradient-clip"),
    help: ArgumentHelp("Maximum gradient norm per tensor. Default: \(paper.clip).", valueName: "x"),
    transform: NumberArgument.decimal("above 0"))
  var clip: Double?
  @Option(
    help: ArgumentHelp(
      "Batches per optimizer step (gradient accumulation). Default: \(paper.accumulation).", valueName: "n"),
    transform: NumberArgument.whole(1...65_536))
  var accumulate: Int?
  @Option(
    help: ArgumentHelp("Dropout: the share of values set to 0. Default: \(paper.dropout).", valueName: "share"),
    transform: NumberArgument.decimal("from 0 to below 1"))
  var dropout: Double?
  @Option(
    help: ArgumentHelp(
      "The share of posts whose picture is hidden in each epoch, so that the model learns posts without one. Default: \(paper.pictureDropout).",
      valueName: "share"),
    transform: NumberArgument.decimal("from 0 to 1"))
  var pictureDropout: Double?
  @Option(
    help: ArgumentHelp(
      "text, image or both: encoders whose weights are not trained. Each input is then encoded only once.",
      valueName: "name"))
  var freeze: FrozenEncoders?
  @Flag(
    inversion: .prefixedNo,
    help:
      "Try several learning rates and class weights, and keep those that are best on the validation posts. Default: with --recipe frozen."
  )
  var search: Bool?
  @Option(
    help: ArgumentHelp(
      "equal or balanced: the weight of each label's posts; balanced gives rare labels a higher weight.",
      valueName: "name"))
  var classWeights: ClassWeights?
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
      "auto, f32 or bf16: the number format for matrix products. auto is bf16 if a short measurement finds it at least "
        + "1.15 times as fast as f32, otherwise f32; a run that goes on keeps its format.", valueName: "name"))
  var precision = TrainingPrecisionFlag.f32

  @Option(
    help: ArgumentHelp("f32 or f16: the number format of the model file; f16 halves its size.", valueName: "name"))
  var weights = paper.weights

  /// Whether flags are given that fit one recipe alone.
  var setsLearning: Bool {
    optimizer.learningRate != nil || optimizer.batch != nil || optimizer.epochs != nil || encoderRate != nil
      || newRate != nil || freeze != nil || accumulate != nil
  }

  /// The settings of a recipe with those that are given in their place.
  func settings(_ recipe: TrainingRecipe, hasTeacher: Bool) -> TrainingSettings {
    var settings = optimizer.applied(to: recipe.settings(hasTeacher: hasTeacher))
    (settings.alpha, settings.beta) = (alpha ?? settings.alpha, beta ?? settings.beta)
    (settings.encoderRate, settings.newRate) = (encoderRate ?? settings.encoderRate, newRate ?? settings.newRate)
    (settings.decay, settings.warmup) = (decay ?? settings.decay, warmup ?? settings.warmup)
    (settings.clip, settings.accumulation) = (clip ?? settings.clip, accumulate ?? settings.accumulation)
    (settings.dropout, settings.pictureDropout) = (
      dropout ?? settings.dropout, pictureDropout ?? settings.pictureDropout
    )
    settings.frozen = freeze?.encoders ?? settings.frozen
    settings.classWeights = classWeights ?? settings.classWeights
    settings.patience = patience ?? settings.patience
    (settings.selection, settings.weights) = (selection, weights)
    settings.precision = precision.asked ?? settings.precision
    return settings
  }

  /// The tries of a recipe; nil if it trains once. What is given is not searched.
  func grid(_ recipe: TrainingRecipe) throws -> SettingSearch.Grid? {
    let isFixed = optimizer.learningRate != nil && classWeights != nil
    if search == true, recipe.grid == nil || isFixed {
      throw ValidationError(
        isFixed
          ? "--search chooses the learning rate and the class weights, but both are given; leave one of them out."
          : "--search belongs to --recipe frozen; --recipe \(recipe.rawValue) trains once.")
    }
    guard search ?? true, !isFixed else { return nil }
    return recipe.grid?.keeping(rate: optimizer.learningRate, classWeights: classWeights)
  }

  func validate() throws {
    if precision.asked?.isSupported == false {
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

extension TrainingRecipe: ExpressibleByArgument {}
extension ClassWeights: ExpressibleByArgument {}
extension Selection: ExpressibleByArgument {}
extension WeightFormat: ExpressibleByArgument {}

/// The values of `--precision` in training: `auto` is measured.
enum TrainingPrecisionFlag: String, ExpressibleByArgument, CaseIterable {
  case auto
  case f32
  case bf16

  /// The precision that the user chose; nil for `auto`.
  var asked: TrainingPrecision? { TrainingPrecision(rawValue: rawValue) }
}

/// The files of a training run, other than the corpus.
struct TrainingFileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of labelled posts for selecting the best epoch, in any format of a corpus. Repeated files form one corpus. Default: 15 % of the training posts are held out.",
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

  /// Whether it starts from the encoders of a hub.
  var hasHubEncoders: Bool { textEncoder != nil || imageEncoder != nil }

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
