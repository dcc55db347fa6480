/// A picture encoder from a model hub, or one of the ViTs that Google published, under clfa's names.
///
/// It reads ViT, DeiT, DINOv2 and DINOv2 with registers. Tensors may have the kind as a prefix, such as `vit.`.
/// Poolers, classifiers and mask tokens are ignored.
package struct HubImageEncoder: Sendable {
  /// The encoder's sizes.
  package let configuration: ModelConfiguration.Image
  /// How a picture is converted to numbers; nil if the folder does not say.
  package let preprocessing: Preprocessing?
  let tensors: HubTensors
  /// What was done to read its weights.
  package var notes: [ImportNote] { tensors.file.notes }

  /// Reads a folder or a `.npz`: configuration, names and shapes of the tensors, preprocessing of pictures. The numbers
  /// stay on disk.
  ///
  /// `size`: the side of the pictures; nil for that in `preprocessor_config.json`, otherwise in `config.json`. If it is
  /// not the size of the position embeddings, these are resized bicubically.
  /// `base`: the model's folder if `path` is that of a LoRA adapter.
  package static func load(_ path: String, size: Int? = nil, base: String? = nil) throws(HubError) -> HubImageEncoder {
    if path.utf8.suffix(4).elementsEqual(".npz".utf8) {
      let (configuration, tensors) = try NumpyVision.read(try ExternalTensors(path: path), size: size)
      // This kind of file does not say how pictures are preprocessed.
      return HubImageEncoder(configuration: configuration, preprocessing: nil, tensors: tensors)
    }
    let folder = try HubFolder.model(path, base: base, as: .image)
    guard let (kind, trained) = try folder.read("config.json", HubImageKind.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    var image = trained
    let settings = try folder.read("preprocessor_config.json", isOptional: true) {
      (reader) throws(ConfigurationError) in
      try HubPreprocessing.read(&reader, usual: kind.family, side: trained.size, asked: size)
    }
    image.size = size ?? settings?.size ?? trained.size
    guard image.patchSize <= image.size else {
      throw .configuration(
        path: folder.file("config.json"),
        .outOfRange(key: "patch_size", value: "\(image.patchSize)", allowed: "1 to \(image.size)"))
    }
    let tensors = try HubTensors(try folder.weights(), image.tensors) { kind.recipe($0, image, trained: trained) }
    return HubImageEncoder(configuration: image, preprocessing: settings, tensors: tensors)
  }

  /// The files of a hub's folder that an encoder and its pictures' numbers follow from.
  package static func files(of folder: String) -> [String] {
    HubFolder.named(folder).names(["config.json", "preprocessor_config.json"]) + HubFolder.weightFiles(of: folder)
  }

  /// The numbers of a tensor, given by our name, such as `image_encoder.patch.weight`.
  package func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }
}

extension ModelConfiguration.Image {
  /// The encoder's tensors, under clfa's names.
  var tensors: [ModelConfiguration.TensorShape] {
    var model = ModelConfiguration(labelNames: [])
    model.image = self
    return model.tensors.filter { $0.name.utf8.starts(with: "image_encoder.".utf8) }
  }
}

/// The supported picture encoders of model hubs: their configuration and their tensors' names.
enum HubImageKind: String, CaseIterable {
  case vit
  /// A ViT with a second learnt token for distillation, which becomes a register.
  case deit
  /// A ViT that scales the output of each half of a block; the scales are multiplied into the weights.
  case dinov2
  /// The same with registers.
  case dinov2WithRegisters = "dinov2_with_registers"
  /// The picture encoder of a CLIP: the last block's tokens, since the norm after them is only for the projected
  /// vector.
  case clip
  /// The same as a separate model.
  case clipVision = "clip_vision_model"
  /// The picture encoder of a SigLIP, without its pooling head; it has no class token.
  case siglip
  /// The same as a separate model.
  case siglipVision = "siglip_vision_model"

  /// The default preprocessing of its pictures.
  var family: HubPreprocessing.Family {
    switch self {
    case .vit: .vit
    case .deit: .deit
    case .dinov2, .dinov2WithRegisters: .bit
    case .clip, .clipVision: .clip
    case .siglip, .siglipVision: .siglip
    }
  }

  /// Reads a `config.json`.
  static func configuration(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationError) -> (kind: HubImageKind, image: ModelConfiguration.Image) {
    let kind = HubImageKind(rawValue: try reader.word("model_type", of: allCases.map(\.rawValue))) ?? .vit
    if let dualEncoder = kind.dualEncoder { return (kind, try dualEncoder.image(&reader, "vision_config")) }
    _ = try reader.word("hidden_act", of: ["gelu"])
    _ = try reader.integer("num_channels", 3, in: 3...3)
    try reader.refuse("qkv_bias", false)
    try reader.refuse("use_swiglu_ffn", true)
    var image = ModelConfiguration.Image()
    // The hub's defaults for absent keys differ from the published model's.
    (image.patchSize, image.epsilon) = (kind == .dinov2 ? 14 : 16, kind.isScaled ? 1e-6 : 1e-12)
    image.size = try reader.integer("image_size", image.size, in: 1...4096)
    image.patchSize = try reader.integer("patch_size", image.patchSize, in: 1...image.size)
    image.hiddenSize = try reader.integer("hidden_size", image.hiddenSize, in: 1...16_384)
    image.layers = try reader.integer("num_hidden_layers", image.layers, in: 0...256)
    image.heads = try reader.integer("num_attention_heads", image.heads, in: 1...16_384)
    image.epsilon = try reader.real("layer_norm_eps", image.epsilon, in: 0...1)
    switch kind {
    case .vit, .dinov2, .clip, .clipVision, .siglip, .siglipVision: break
    case .deit: image.registers = 1
    case .dinov2WithRegisters: image.registers = try reader.integer("num_register_tokens", 4, in: 0...1024)
    }
    if kind.isScaled {
      image.feedForward = image.hiddenSize * (try reader.integer("mlp_ratio", 4, in: 1...16))
    } else {
      image.feedForward = try reader.integer("intermediate_size", image.feedForward, in: 1...65_536)
    }
    try reader.checkHeads(width: image.hiddenSize, image.heads)
    return (kind, image)
  }

  /// The recipe of one of clfa's tensors; `trained`: the encoder at the size of its position embeddings.
  func recipe(
    _ tensor: ModelConfiguration.TensorShape, _ image: ModelConfiguration.Image, trained: ModelConfiguration.Image
  ) -> TensorRecipe {
    let parts = tensor.name.split(separator: ".").dropFirst().map(String.init), width = image.hiddenSize
    if let dualEncoder { return dualEncoder.recipe(parts, tensor.shape, image, trained: trained) }
    switch parts[0] {
    case "cls": return .same(names("embeddings.cls_token"), tensor.shape)
    case "position": return positions(image, trained: trained)
    case "registers" where self == .deit:
      // The class token has a position embedding of its own, which is added to it.
      let table = (names("embeddings.position_embeddings"), [1, trained.places + 1, width])
      return TensorRecipe([(names("embeddings.distillation_token"), [1, 1, width]), table]) { sources in
        zip(sources[0], sources[1][width..<2 * width]).map(+)
      }
    case "registers": return .same(names("embeddings.register_tokens"), tensor.shape)
    case "patch": return .same(names("embeddings.patch_embeddings.projection.\(parts[1])"), tensor.shape)
    case "norm": return .same(names("layernorm.\(parts[1])"), tensor.shape)
    default: break
    }
    let layer = "encoder.layer.\(parts[1])", part = parts[parts.count - 1], block = parts[2...].dropLast()
    let ours = block.joined(separator: "."), theirs = inBlock[ours] ?? ""
    let inMemory = names("\(isScaled ? layer : "layers.\(parts[1])").\(namesInMemory[ours] ?? theirs).\(part)")
    let recipe = TensorRecipe.same(names("\(layer).\(theirs).\(part)") + inMemory, tensor.shape)
    guard isScaled, let scale = ["attention_output": "layer_scale1", "fc2": "layer_scale2"][ours] else { return recipe }
    return recipe.scaled(by: names("\(layer).\(scale).lambda1"), outputs: width)
  }

  /// The position embeddings, resized if the pictures have another size.
  private func positions(_ image: ModelConfiguration.Image, trained: ModelConfiguration.Image) -> TensorRecipe {
    let width = image.hiddenSize, extra = self == .deit ? 1 : 0, names = names("embeddings.position_embeddings")
    return TensorRecipe([(names, [1, trained.places + extra, width])]) { sources in
      var table = sources[0]
      table.removeSubrange(width..<(1 + extra) * width)
      return PositionTable.resize(
        table, from: trained.grid, to: image.grid, width: width, isSmoothed: self == .dinov2WithRegisters)
    }
  }

  private func names(_ name: String) -> [String] { [name, "\(rawValue).\(name)"] }

  private var isScaled: Bool {
    switch self {
    case .dinov2, .dinov2WithRegisters: true
    case .vit, .deit, .clip, .clipVision, .siglip, .siglipVision: false
    }
  }

  /// The model of texts and pictures that it is a half of.
  private var dualEncoder: DualEncoderKind? {
    switch self {
    case .clip, .clipVision: .clip
    case .siglip, .siglipVision: .siglip
    case .vit, .deit, .dinov2, .dinov2WithRegisters: nil
    }
  }

  /// What transformers 5 calls parts of a block in memory, and so in a file of `torch.save`; others have their usual
  /// names.
  private var namesInMemory: [String: String] {
    let attention = [
      "attention.query": "attention.q_proj", "attention.key": "attention.k_proj", "attention.value": "attention.v_proj",
      "attention_output": "attention.o_proj",
    ]
    return isScaled ? attention : attention.merging(["fc1": "mlp.fc1", "fc2": "mlp.fc2"]) { first, _ in first }
  }

  /// The parts of a block, by clfa's names.
  private var inBlock: [String: String] {
    let attention = [
      "attention.query": "attention.attention.query", "attention.key": "attention.attention.key",
      "attention.value": "attention.attention.value", "attention_output": "attention.output.dense",
    ]
    let rest =
      isScaled
      ? ["norm1": "norm1", "norm2": "norm2", "fc1": "mlp.fc1", "fc2": "mlp.fc2"]
      : ["norm1": "layernorm_before", "norm2": "layernorm_after", "fc1": "intermediate.dense", "fc2": "output.dense"]
    return attention.merging(rest) { first, _ in first }
  }
}
