public import ArgumentParser
public import Training

/// How a model learns; the defaults are the paper's.
struct LearningFlags: ParsableArguments {
  private static let paper = TrainingSettings()

  @Option(help: ArgumentHelp("The weight of the alignment losses.", valueName: "x")) var alpha = paper.alpha
  @Option(help: ArgumentHelp("The weight of the labels' loss.", valueName: "x")) var beta = paper.beta
  @Option(help: ArgumentHelp("What the alignment's cosines are divided by.", valueName: "x"))
  var temperature = paper.temperature
  @Option(help: ArgumentHelp("The highest learning rate.", valueName: "x")) var rate = paper.rate
  @Option(help: ArgumentHelp("That of the encoders. Default: --rate.", valueName: "x")) var encoderRate: Double?
  @Option(help: ArgumentHelp("That of all behind the encoders. Default: --rate.", valueName: "x")) var newRate: Double?
  @Option(help: ArgumentHelp("Weight decay.", valueName: "x")) var decay = paper.decay
  @Option(help: ArgumentHelp("The share of steps in which the rate rises.", valueName: "share"))
  var warmup = paper.warmup
  @Option(help: ArgumentHelp("The length that each tensor's gradient is cut to.", valueName: "x")) var clip = paper.clip
  @Option(help: ArgumentHelp("Posts a batch.", valueName: "n")) var batch = paper.batch
  @Option(help: ArgumentHelp("Batches a step.", valueName: "n")) var accumulate = paper.accumulation
  @Option(help: ArgumentHelp("How often each post is seen.", valueName: "n")) var epochs = paper.epochs
  @Option(help: ArgumentHelp("The share of numbers dropped.", valueName: "share")) var dropout = paper.dropout
  @Option(help: ArgumentHelp("The share of posts whose picture is hidden.", valueName: "share"))
  var pictureDropout = paper.pictureDropout
  @Option(help: ArgumentHelp("What all chance begins with.", valueName: "n")) var seed = paper.seed
  @Option(help: ArgumentHelp("text, image or both: encoders that stay as they are, and run once.", valueName: "name"))
  var freeze: Freezing = .none
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
    (settings.frozen, settings.classWeights) = (freeze.towers, classWeights)
    (settings.selection, settings.patience, settings.precision) = (selection, patience, precision)
    settings.weights = weights
    return settings
  }

  func validate() throws {
    if !precision.isSupported {
      throw ValidationError("--precision bf16: this processor has no such instructions; use f32.")
    }
  }
}

/// What `--freeze` takes.
enum Freezing: String, ExpressibleByArgument, CaseIterable {
  case none
  case text
  case image
  case both

  var towers: [Tower] {
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
