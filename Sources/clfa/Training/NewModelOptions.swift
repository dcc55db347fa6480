import ArgumentParser
import Bytes
package import Models
import Training

/// The settings of a new model that its encoders do not determine.
struct NewModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      Aggregation.allCases.map(\.rawValue).joined(separator: ", ")
        + ": how text, picture and further streams are combined into one vector. Default: the first; with --recipe frozen, concat.",
      valueName: "name"))
  var aggregation: Aggregation?
  @OptionGroup var recorded: ModelSettingOptions
  @Flag(help: "Also read the corpus' knowledge column, as a third stream.") var withKnowledge = false
  @Option(
    help: ArgumentHelp("The number of fusion layers. Default: 3.", valueName: "n"),
    transform: NumberArgument.whole(0...64))
  var fusionLayers: Int?
  @OptionGroup var space: SharedSpaceOptions<TrainingSettings>
  @Option(
    help: ArgumentHelp("The hidden width of the fusion layers' feed-forward nets. Default: 4 times D.", valueName: "n"),
    transform: NumberArgument.whole(1...65_536))
  var fusionFfn: Int?
  @Option(
    help: ArgumentHelp("The hidden width of the projections. Default: 3 times D.", valueName: "n"),
    transform: NumberArgument.whole(1...65_536))
  var projectionHidden: Int?
  @Option(
    help: ArgumentHelp(
      "A new text encoder with random weights: layers x width, such as 3x128 or 12x768.", valueName: "size"),
    transform: EncoderSize.init(parsing:))
  var textSize: EncoderSize?
  @Option(
    help: ArgumentHelp(
      "A new picture encoder with random weights: layers x width / patch @ side, such as 4x128/16@64. With --image-encoder: the side only.",
      valueName: "size"),
    transform: EncoderSize.init(parsingImage:))
  var imageSize: EncoderSize?
  @Option(
    help: ArgumentHelp(
      "Phones store photos as the camera was held, and note how to turn them (EXIF): apply turns them upright first, ignore takes them as stored. Scoring with the model does the same. Default: ignore.",
      valueName: "choice"))
  var exifOrientation: Preprocessing.ExifOrientation?
  @Option(
    help: ArgumentHelp("The maximum number of rows per post in a stream of --feature. Default: 512.", valueName: "n"),
    transform: NumberArgument.whole(FeatureStream.rows))
  var maxFeatureRows: Int?
  @Option(
    name: .customLong("normalize-text"),
    help: ArgumentHelp(
      "Steps that normalize every text, such as unescape-html,url=http,user=@user. Scoring applies them, too.",
      valueName: "steps"))
  var prepare: String?
  @Option(
    help: ArgumentHelp("The label names, in the order of the model's outputs. Default: sorted.", valueName: "name,..."))
  var labelOrder: String?

  /// Whether a new model reads texts only, so that it needs no picture encoder of the user's.
  var readsTextsOnly: Bool { aggregation == .text }

  /// The given flags that cannot be combined with a model to continue from.
  private var given: [String] {
    let flags: [(String, Bool)] = [
      ("--aggregation", aggregation != nil), ("--pooling", recorded.pooling != nil),
      ("--with-knowledge", withKnowledge),
      ("--fusion-layers", fusionLayers != nil), ("--dim", space.dim != nil),
      ("--fusion-heads", recorded.fusionHeads != nil),
      ("--fusion-ffn", fusionFfn != nil), ("--projection-hidden", projectionHidden != nil),
      ("--text-size", textSize != nil), ("--image-size", imageSize != nil), ("--max-text", recorded.maxText != nil),
      ("--max-knowledge", recorded.maxKnowledge != nil), ("--normalize-text", prepare != nil),
      ("--exif-orientation", exifOrientation != nil),
    ]
    return flags.filter(\.1).map(\.0)
  }

  func check(_ files: TrainingFileOptions) throws {
    if let labelOrder, labelOrder.split(separator: ",", omittingEmptySubsequences: false).contains("") {
      throw ValidationError("--label-order takes all labels, separated by commas, such as ironic,sincere.")
    }
    if files.from != nil, let flag = given.first {
      throw ValidationError("--from keeps the model's own sizes and parts; leave out \(flag).")
    }
    for (hub, name, size, isSize) in [
      (files.textEncoder, "--text-encoder", "--text-size", textSize != nil),
      (files.textEncoder, "--text-encoder", "--vocabulary", files.vocabulary != nil),
      (files.imageEncoder, "--image-encoder", "--image-size", imageSize?.isSideAlone == false),
    ] where hub != nil && isSize {
      throw ValidationError("the encoder of \(name) has its own sizes and vocabulary; leave out \(size).")
    }
    if files.from == nil {
      if files.textEncoder == nil, textSize == nil {
        throw ValidationError("give the size of the new text encoder with --text-size, such as 3x128.")
      }
      if files.imageEncoder == nil, imageSize.map(\.isSideAlone) ?? !readsTextsOnly {
        throw ValidationError(
          "a picture encoder is needed: give --image-encoder PATH, or --image-size for a new one, such as 4x128/16@64; "
            + "a model that reads texts only (--aggregation text) needs none.")
      }
    }
    try files.features.check(from: files.from, maxRows: maxFeatureRows)
    if !files.features.feature.isEmpty, aggregation ?? .crossAttention != .crossAttention, files.from == nil {
      throw ValidationError(
        "--feature adds a stream that the text attends to, which only cross-attention has; leave one of them out.")
    }
    if withKnowledge, let aggregation, !aggregation.readsKnowledge {
      let readers = Aggregation.allCases.filter(\.readsKnowledge).map(\.rawValue).joined(separator: " and ")
      throw ValidationError(
        "--with-knowledge changes no score under --aggregation \(aggregation.rawValue): only \(readers) read knowledge; "
          + "leave one of them out.")
    }
    if files.lexicon != nil, aggregation ?? .crossAttention != .crossAttention {
      throw ValidationError(
        "--lexicon biases attention between tokens, which only cross-attention has; leave out one of --lexicon and --aggregation."
      )
    }
  }

  /// The configuration of a new model, without the sizes of encoders from a hub.
  ///
  /// `readsMore`: whether it has feature streams or a lexicon, which only cross-attention reads.
  func configuration(
    _ recipe: TrainingRecipe, dim teacherWidth: Int?, readsMore: Bool
  ) throws -> ModelConfiguration {
    var configuration = ModelConfiguration(labelNames: [])
    let dim = space.dim ?? teacherWidth ?? recipe.dim
    let readsAll = !readsMore && (!withKnowledge || recipe.aggregation.readsKnowledge)
    let aggregation = aggregation ?? (readsAll ? recipe.aggregation : .crossAttention)
    configuration.dim = dim
    configuration.projectionHidden = projectionHidden ?? 3 * dim
    configuration.fusionLayers = fusionLayers ?? 3
    configuration.fusionHeads = recorded.fusionHeads ?? max(dim / 64, 1)
    configuration.fusionFeedForward = fusionFfn ?? 4 * dim
    configuration.knowledge = withKnowledge
    (configuration.aggregation, configuration.pooling) = (aggregation, recorded.pooling ?? .mean)
    (configuration.tokenizer.maxText, configuration.tokenizer.maxKnowledge) = recorded.tokens
    configuration.preprocessing.exifOrientation = exifOrientation ?? .ignore
    configuration.preparation = prepare?.split(separator: ",").map(String.init) ?? []
    if let textSize {
      (configuration.text.layers, configuration.text.hiddenSize) = (textSize.layers, textSize.width)
      configuration.text.heads = textSize.heads
      configuration.text.feedForward = textSize.feedForward
      configuration.text.maxPositions = max(recorded.tokens.text, recorded.tokens.knowledge)
    }
    if let imageSize = imageSize ?? (readsTextsOnly ? .unread : nil), !imageSize.isSideAlone {
      (configuration.image.layers, configuration.image.hiddenSize) = (imageSize.layers, imageSize.width)
      configuration.image.heads = imageSize.heads
      configuration.image.feedForward = imageSize.feedForward
      (configuration.image.patchSize, configuration.image.size) = (imageSize.patch, imageSize.side)
    }
    guard dim % configuration.fusionHeads == 0 else {
      throw ValidationError("--fusion-heads must divide the width \(dim) of the shared space.")
    }
    return configuration
  }
}

/// The size of a new encoder.
struct EncoderSize {
  let layers: Int
  let width: Int
  let patch: Int
  let side: Int

  /// One head for each 64 numbers of width, or for each 32 if the width is small.
  var heads: Int { width % 64 == 0 && width >= 256 ? width / 64 : width % 32 == 0 ? width / 32 : 1 }
  /// Three times the width for small encoders, four times for others.
  var feedForward: Int { width < 256 ? 3 * width : 4 * width }

  /// The size of a picture encoder whose output is never read.
  static let unread = EncoderSize(layers: 1, width: 32, patch: 32, side: 32)

  private init(layers: Int, width: Int, patch: Int, side: Int) {
    (self.layers, self.width, self.patch, self.side) = (layers, width, patch, side)
  }

  /// `3x128`.
  init(parsing argument: String) throws {
    let numbers = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let layers = numbers[0], let width = numbers[1], (1...256).contains(layers),
      (1...16_384).contains(width)
    else { throw ValidationError("write layers x width, such as 3x128: 1 to 256 layers, a width of 1 to 16384.") }
    (self.layers, self.width, patch, side) = (layers, width, 0, 0)
  }

  /// Whether only the side of the pictures is given.
  var isSideAlone: Bool { layers == 0 }

  /// `4x128/16@64`, or only a side.
  init(parsingImage argument: String) throws {
    if let side = Int(argument), (1...4096).contains(side) {
      (layers, width, patch, self.side) = (0, 0, 0, side)
      return
    }
    let parts = argument.split(separator: "/"), rest = parts.last?.split(separator: "@").map { Int($0) } ?? []
    guard parts.count == 2, rest.count == 2, let patch = rest[0], let side = rest[1], (1...4096).contains(side),
      (1...side).contains(patch)
    else {
      throw ValidationError(
        "write layers x width / patch @ side, such as 4x128/16@64, with a side of 1 to 4096 pixels and a patch no larger."
      )
    }
    let encoder = try EncoderSize(parsing: String(parts[0]))
    (layers, width, self.patch, self.side) = (encoder.layers, encoder.width, patch, side)
  }
}

extension Aggregation: ExpressibleByArgument {}
extension Preprocessing.ExifOrientation: ExpressibleByArgument {}
