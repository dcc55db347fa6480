/// The hub models of texts and pictures whose halves can be read as separate encoders: their configuration and their
/// tensors' names.
enum DualEncoderKind: Sendable {
  case clip
  case siglip

  private typealias Sizes = (width: Int, layers: Int, heads: Int, feedForward: Int)

  private static let activations: [(word: String, activation: EncoderActivation)] = [
    ("quick_gelu", .quickGELU), ("gelu", .gelu), ("gelu_pytorch_tanh", .tanhGELU),
  ]

  /// One half's object in the configuration of a whole model, or the configuration itself if it describes only that
  /// half.
  func part(
    _ key: String, _ reader: inout ConfigurationReader
  ) throws(ConfigurationError) -> ConfigurationReader {
    reader.dropNull(key)
    reader.dropNull(key + "_dict")
    if reader.has(key) { return try reader.object(key) }
    // Older files use another name.
    if reader.has(key + "_dict") { return try reader.object(key + "_dict") }
    return reader
  }

  /// Reads the activation of the feed-forward nets; the kind's default if the file names none.
  private func activation(_ reader: inout ConfigurationReader) throws(ConfigurationError) -> EncoderActivation {
    let usual: EncoderActivation = self == .clip ? .quickGELU : .tanhGELU
    let word = try reader.optionalWord("hidden_act", of: Self.activations.map(\.word))
    return Self.activations.first { $0.word == word }?.activation ?? usual
  }

  private func sizes(
    _ reader: inout ConfigurationReader, _ usual: Sizes
  ) throws(ConfigurationError) -> Sizes {
    let sizes = (
      width: try reader.integer("hidden_size", usual.width, in: 1...16_384),
      layers: try reader.integer("num_hidden_layers", usual.layers, in: 0...256),
      heads: try reader.integer("num_attention_heads", usual.heads, in: 1...16_384),
      feedForward: try reader.integer("intermediate_size", usual.feedForward, in: 1...65_536)
    )
    try reader.checkHeads(width: sizes.width, sizes.heads)
    return sizes
  }

  private var epsilon: Double { self == .clip ? 1e-5 : 1e-6 }

  /// The picture encoder, in the object with this key.
  func image(_ outer: inout ConfigurationReader, _ key: String) throws(ConfigurationError) -> ModelConfiguration.Image {
    var reader = try part(key, &outer), image = ModelConfiguration.Image()
    _ = try reader.integer("num_channels", 3, in: 3...3)
    let sizes = try sizes(&reader, (768, 12, 12, 3072))
    (image.hiddenSize, image.layers, image.heads, image.feedForward) = sizes
    image.size = try reader.integer("image_size", 224, in: 1...4096)
    image.patchSize = try reader.integer("patch_size", self == .clip ? 32 : 16, in: 1...image.size)
    image.epsilon = try reader.real("layer_norm_eps", epsilon, in: 0...1)
    image.activation = try activation(&reader)
    let isClip = self == .clip
    (image.hasClassToken, image.hasFirstNorm, image.hasLastNorm) = (isClip, isClip, !isClip)
    return image
  }

  /// The text encoder, in the object with this key.
  func text(_ outer: inout ConfigurationReader, _ key: String) throws(ConfigurationError) -> ModelConfiguration.Text {
    var reader = try part(key, &outer), text = ModelConfiguration.Text()
    let sizes = try sizes(&reader, self == .clip ? (512, 12, 8, 2048) : (768, 12, 12, 3072))
    (text.hiddenSize, text.layers, text.heads, text.feedForward) = sizes
    text.vocabularySize = try reader.integer("vocab_size", self == .clip ? 49_408 : 32_000, in: 1...4_194_304)
    text.maxPositions = try reader.integer("max_position_embeddings", self == .clip ? 77 : 64, in: 2...16_384)
    text.epsilon = try reader.real("layer_norm_eps", epsilon, in: 0...1)
    text.activation = try activation(&reader)
    // It has no token types; clfa's model has one, with a vector of zeros.
    (text.tokenTypes, text.normsFirst, text.isCausal) = (1, true, self == .clip)
    return text
  }

  /// The recipe of a picture encoder's tensor; `parts`: its name after the encoder's; `trained`: the encoder at the
  /// size of its position embeddings.
  func recipe(
    _ parts: [String], _ shape: [Int], _ image: ModelConfiguration.Image, trained: ModelConfiguration.Image
  ) -> TensorRecipe {
    let width = image.hiddenSize, part = parts[parts.count - 1]
    func names(_ name: String) -> [String] { ["vision_model." + name, name] }
    switch parts[0] {
    case "cls": return .same(names("embeddings.class_embedding"), [width])
    case "position":
      let table = names("embeddings.position_embedding.weight")
      return TensorRecipe([(table, [trained.places, width])]) { sources in
        PositionTable.resize(
          sources[0], from: trained.grid, to: image.grid, width: width, classTokens: image.classTokens,
          isSmoothed: false)
      }
    case "patch" where part == "bias" && self == .clip: return .zeros(shape)
    case "patch": return .same(names("embeddings.patch_embedding.\(part)"), shape)
    // The hub's own spelling.
    case "first_norm": return .same(names("pre_layrnorm.\(part)"), shape)
    case "norm": return .same(names("post_layernorm.\(part)"), shape)
    default: return .same(names(inBlock(parts, norms: ["norm1", "norm2"])), shape)
    }
  }

  /// The recipe of a text encoder's tensor; `parts`: its name after the encoder's.
  func recipe(_ parts: [String], _ shape: [Int]) -> TensorRecipe {
    func names(_ name: String) -> [String] { ["text_model." + name, name] }
    switch parts[0] {
    case "word": return .same(names("embeddings.token_embedding.weight"), shape)
    case "position": return .same(names("embeddings.position_embedding.weight"), shape)
    case "token_type": return .zeros(shape)
    case "norm": return .same(names("final_layer_norm.\(parts[1])"), shape)
    default: return .same(names(inBlock(parts, norms: ["attention_norm", "output_norm"])), shape)
    }
  }

  /// The hub's name for a block's tensor; `norms`: clfa's names of the norms before the two halves.
  private func inBlock(_ parts: [String], norms: [String]) -> String {
    let ours = parts[2...].dropLast().joined(separator: ".")
    let theirs =
      switch ours {
      case norms[0]: "layer_norm1"
      case norms[1]: "layer_norm2"
      case "attention.query": "self_attn.q_proj"
      case "attention.key": "self_attn.k_proj"
      case "attention.value": "self_attn.v_proj"
      case "attention_output": "self_attn.out_proj"
      default: "mlp." + ours
      }
    return "encoder.layers.\(parts[1]).\(theirs).\(parts[parts.count - 1])"
  }
}
