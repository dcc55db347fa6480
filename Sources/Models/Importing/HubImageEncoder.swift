/// A ViT as hubs hand it out, under our names.
///
/// Its tensors may carry the prefix `vit.`. Poolers and classifiers are not read.
public struct HubImageEncoder: Sendable {
  /// The encoder's sizes.
  public let configuration: ModelConfiguration.Image
  /// How a picture becomes numbers; nil where the folder does not say.
  public let preprocessing: Preprocessing?
  let tensors: HubTensors

  /// Reads a folder: configuration, the tensors' names and shapes, the channels' means. The numbers stay on disk.
  public static func load(_ path: String) throws(HubError) -> HubImageEncoder {
    let folder = HubFolder(path: path)
    guard let image = try folder.read("config.json", Self.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    var preprocessing = try folder.read("preprocessor_config.json", isOptional: true, Self.preprocessing)
    preprocessing?.size = image.size
    return HubImageEncoder(
      configuration: image, preprocessing: preprocessing,
      tensors: try HubTensors(folder: folder, image.tensors, spellings: Self.spellings))
  }

  /// The numbers of a tensor, given by our name, such as `image_encoder.patch.weight`.
  public func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }

  private static func configuration(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> ModelConfiguration.Image {
    _ = try reader.word("model_type", of: ["vit"])
    _ = try reader.word("hidden_act", of: ["gelu"])
    _ = try reader.integer("num_channels", 3, in: 3...3)
    try reader.refuse("qkv_bias", false)
    var image = ModelConfiguration.Image()
    // What hubs take where a key is absent, which is not what the published model has.
    (image.patchSize, image.epsilon) = (16, 1e-12)
    image.size = try reader.integer("image_size", image.size, in: 1...4096)
    image.patchSize = try reader.integer("patch_size", image.patchSize, in: 1...image.size)
    image.hiddenSize = try reader.integer("hidden_size", image.hiddenSize, in: 1...16_384)
    image.layers = try reader.integer("num_hidden_layers", image.layers, in: 0...256)
    image.heads = try reader.integer("num_attention_heads", image.heads, in: 1...16_384)
    image.feedForward = try reader.integer("intermediate_size", image.feedForward, in: 1...65_536)
    image.epsilon = try reader.real("layer_norm_eps", image.epsilon, in: 0...1)
    try reader.checkHeads(width: image.hiddenSize, image.heads)
    return image
  }

  private static func preprocessing(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> Preprocessing {
    for key in ["do_normalize", "image_mean", "image_std", "rescale_factor"] { reader.dropNull(key) }
    _ = try reader.real("rescale_factor", 1.0 / 255, in: 0.0039...0.0040)
    var preprocessing = Preprocessing()
    guard try reader.boolean("do_normalize", true) else {
      (preprocessing.mean, preprocessing.std) = ([0, 0, 0], [1, 1, 1])
      return preprocessing
    }
    // Where one of them is absent, hubs take a half.
    let half = [0.5, 0.5, 0.5]
    preprocessing.mean = try reader.channels("image_mean", half, in: -1000...1000).map { Float($0) }
    preprocessing.std = try reader.channels("image_std", half, in: 1e-6...1000).map { Float($0) }
    return preprocessing
  }

  /// The names that hubs give one of our tensors, the commonest first.
  private static func spellings(_ name: String) -> [String] {
    let parts = name.split(separator: ".").dropFirst().map(String.init), part = parts[parts.count - 1]
    let spelling =
      switch parts[0] {
      case "cls": "embeddings.cls_token"
      case "position": "embeddings.position_embeddings"
      case "patch": "embeddings.patch_embeddings.projection.\(part)"
      case "norm": "layernorm.\(part)"
      default:
        "encoder.layer.\(parts[1]).\(Self.inBlock[parts[2...].dropLast().joined(separator: ".")] ?? "").\(part)"
      }
    return [spelling, "vit." + spelling]
  }

  /// The parts of a block, by our names.
  private static let inBlock = [
    "attention.query": "attention.attention.query", "attention.key": "attention.attention.key",
    "attention.value": "attention.attention.value", "attention_output": "attention.output.dense",
    "norm1": "layernorm_before", "norm2": "layernorm_after", "fc1": "intermediate.dense", "fc2": "output.dense",
  ]
}

extension ModelConfiguration.Image {
  /// The encoder's tensors, under our names.
  var tensors: [ModelConfiguration.TensorShape] {
    var model = ModelConfiguration(labelNames: [])
    model.image = self
    return model.tensors.filter { $0.name.utf8.starts(with: "image_encoder.".utf8) }
  }
}
