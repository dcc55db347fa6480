import ArgumentParser
import Models
import Training

/// The options of every training; commands differ in the defaults and in the numbers that they allow.
struct OptimizerOptions<Settings: OptimizerSettings>: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Temperature of the alignment loss, by which cosines are divided. Default: \(Settings().temperature).",
      valueName: "x"),
    transform: NumberArgument.decimal(Settings.allowed.temperature))
  var temperature: Double?
  @Option(
    help: ArgumentHelp("The highest learning rate. Default: \(Settings().learningRate).", valueName: "x"),
    transform: NumberArgument.decimal(Settings.allowed.learningRate))
  var learningRate: Double?
  @Option(
    help: ArgumentHelp(
      "Posts per batch; alignment compares each with all others of its batch. Default: \(Settings().batch).",
      valueName: "n"),
    transform: NumberArgument.whole(Settings.allowed.batch))
  var batch: Int?
  @Option(
    help: ArgumentHelp(
      "Number of epochs, that is, passes over the training posts. Default: \(Settings().epochs).", valueName: "n"),
    transform: NumberArgument.whole(Settings.allowed.epochs))
  var epochs: Int?
  @Option(
    help: ArgumentHelp("Random seed. Default: \(Settings().seed).", valueName: "n"), transform: NumberArgument.seed)
  var seed: UInt64?

  /// Whether any of them is given.
  var isAnySet: Bool {
    temperature != nil || learningRate != nil || batch != nil || epochs != nil || seed != nil
  }

  /// The default settings with those that are given.
  var settings: Settings { applied(to: Settings()) }

  /// Settings with those that are given in their place.
  func applied(to settings: Settings) -> Settings {
    var settings = settings
    settings.temperature = temperature ?? settings.temperature
    settings.learningRate = learningRate ?? settings.learningRate
    settings.batch = batch ?? settings.batch
    settings.epochs = epochs ?? settings.epochs
    settings.seed = seed ?? settings.seed
    return settings
  }
}

/// Settings with the options of every training; new ones are the defaults.
protocol OptimizerSettings {
  init()
  var temperature: Double { get set }
  var learningRate: Double { get set }
  var batch: Int { get set }
  var epochs: Int { get set }
  var seed: UInt64 { get set }
  /// The numbers that each takes; those in words are checked with the other settings.
  static var allowed: AllowedNumbers { get }
  /// The widths that the shared space may have, and its default in words.
  static var width: (allowed: ClosedRange<Int>, default: String) { get }
}

/// The numbers that the options of a training take.
struct AllowedNumbers {
  let temperature: String
  let learningRate: String
  let batch: ClosedRange<Int>
  let epochs: ClosedRange<Int>
}

extension TrainingSettings: OptimizerSettings {
  var learningRate: Double {
    get { rate }
    set { rate = newValue }
  }
  static var allowed: AllowedNumbers {
    AllowedNumbers(
      temperature: "above 0", learningRate: "from 0 to 1", batch: 1...65_536, epochs: 1...1_000_000)
  }
  static var width: (allowed: ClosedRange<Int>, default: String) { (1...16_384, "the teacher's, otherwise 512") }
}

extension HeadFitter.Settings: OptimizerSettings {
  static var allowed: AllowedNumbers {
    AllowedNumbers(
      temperature: "from 0.001 to 100", learningRate: "above 0, at most 1", batch: 2...16_384, epochs: 1...10_000)
  }
  static var width: (allowed: ClosedRange<Int>, default: String) { (1...4096, "\(Self().dim)") }
}

/// `--dim`, of commands that make a shared space.
struct SharedSpaceOptions<Settings: OptimizerSettings>: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "D, the dimension of the space that text and picture share. Default: \(Settings.width.default).",
      valueName: "n"),
    transform: NumberArgument.whole(Settings.width.allowed))
  var dim: Int?
}

/// The settings of a model that do not follow from the shapes of its weights.
struct ModelSettingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "mean, cls or max: how the text's tokens are pooled into one vector. Default: mean.", valueName: "name"))
  var pooling: Pooling?
  @Option(
    help: ArgumentHelp("Attention heads of the fusion layers. Default: their width / 64.", valueName: "n"),
    transform: NumberArgument.whole(1...1024))
  var fusionHeads: Int?
  @Option(
    help: ArgumentHelp(
      "The maximum number of tokens of a text, including [CLS] and [SEP]. Default: 77.", valueName: "n"),
    transform: NumberArgument.whole(2...4096))
  var maxText: Int?
  @Option(
    help: ArgumentHelp("The maximum number of tokens of knowledge. Default: 66.", valueName: "n"),
    transform: NumberArgument.whole(2...4096))
  var maxKnowledge: Int?

  /// The maximum numbers of tokens, given or not.
  var tokens: (text: Int, knowledge: Int) { (maxText ?? 77, maxKnowledge ?? 66) }
}

extension Pooling: ExpressibleByArgument {}
