internal import Tensors

/// The sizes of a CLIP, as a hub's `config.json` says them.
public struct ClipConfiguration: Sendable, Equatable {
  /// What both towers have.
  struct Tower: Sendable, Equatable {
    var width: Int
    var layers: Int
    var heads: Int
    var feedForward: Int
    var epsilon: Double
    var activation: Activation
  }

  /// How the piece is found at which a text is pooled.
  enum End: Sendable, Equatable {
    /// The first of the greatest number: what configurations from before the piece was named mean.
    case greatest
    /// The first of this number.
    case piece(Int32)
  }

  var text: Tower
  var image: Tower
  /// How many pieces have a vector.
  public let vocabularySize: Int
  /// The most pieces of a text, both ends included.
  public let maxPieces: Int
  let end: End
  /// The side of a picture's square.
  public let imageSize: Int
  let patchSize: Int
  /// The numbers of a vector in the space that texts and pictures share.
  public let dim: Int

  /// The tokens of a picture: one for the whole, one a patch.
  public var imageTokens: Int { 1 + patches.grid * patches.grid }

  /// The part of a model's configuration that cuts pictures.
  var patches: ModelConfiguration.Image {
    var image = ModelConfiguration.Image()
    (image.size, image.patchSize, image.hiddenSize) = (imageSize, patchSize, self.image.width)
    return image
  }

  /// The part of a model's configuration that checks pieces.
  var pieces: ModelConfiguration.Text {
    var text = ModelConfiguration.Text()
    (text.vocabularySize, text.maxPositions) = (vocabularySize, maxPieces)
    return text
  }

  /// Reads `config.json`; what is absent is what hubs take then.
  init(_ reader: inout ConfigurationReader) throws(ConfigurationFault) {
    _ = try reader.word("model_type", of: ["clip"])
    dim = try reader.integer("projection_dim", 512, in: 1...16_384)
    var text = try Self.part("text_config", &reader), image = try Self.part("vision_config", &reader)
    self.text = try Self.tower(&text, width: 512, heads: 8, feedForward: 2048)
    self.image = try Self.tower(&image, width: 768, heads: 12, feedForward: 3072)
    vocabularySize = try text.integer("vocab_size", 49_408, in: 1...4_194_304)
    maxPieces = try text.integer("max_position_embeddings", 77, in: 2...16_384)
    let end = try text.integer("eos_token_id", 49_407, in: 0...4_194_304)
    self.end = end == 2 ? .greatest : .piece(Int32(end))
    _ = try image.integer("num_channels", 3, in: 3...3)
    imageSize = try image.integer("image_size", 224, in: 1...4096)
    patchSize = try image.integer("patch_size", 32, in: 1...imageSize)
  }

  /// A tower's object; older files have it under another name, too, and null here.
  private static func part(
    _ key: String, _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> ConfigurationReader {
    reader.dropNull(key)
    reader.dropNull(key + "_dict")
    return try reader.object(reader.has(key) ? key : key + "_dict")
  }

  private static func tower(
    _ reader: inout ConfigurationReader, width: Int, heads: Int, feedForward: Int
  ) throws(ConfigurationFault) -> Tower {
    let activation = try reader.word("hidden_act", of: ["quick_gelu", "gelu"])
    let width = try reader.integer("hidden_size", width, in: 1...16_384)
    let tower = Tower(
      width: width, layers: try reader.integer("num_hidden_layers", 12, in: 0...256),
      heads: try reader.integer("num_attention_heads", heads, in: 1...16_384),
      feedForward: try reader.integer("intermediate_size", feedForward, in: 1...65_536),
      epsilon: try reader.real("layer_norm_eps", 1e-5, in: 0...1),
      activation: activation == "gelu" ? .gelu : .quickGELU)
    try reader.checkHeads(width: width, tower.heads)
    return tower
  }
}
