/// A BERT as hubs hand it out, under our names.
///
/// Its tensors may carry the prefix `bert.` and call a norm's parts `gamma` and `beta`. Poolers and heads are not
/// read, nor are tables of positions.
public struct HubTextEncoder: Sendable {
  /// The encoder's sizes.
  public let configuration: ModelConfiguration.Text
  /// Where the word pieces are, one a line.
  public let vocabularyPath: String
  /// Whether the tokenizer lower-cases.
  public let lowercase: Bool
  /// Whether the tokenizer strips accents.
  public let stripAccents: Bool
  let tensors: HubTensors

  /// Reads a folder: configuration, the tensors' names and shapes, how text becomes pieces. The numbers stay on disk.
  public static func load(_ path: String) throws(HubError) -> HubTextEncoder {
    let folder = HubFolder(path: path)
    guard let text = try folder.read("config.json", Self.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    let settings = try folder.read("tokenizer_config.json", isOptional: true, Self.tokenizer)
    let vocabulary = folder.file("vocab.txt")
    do {
      _ = try MappedFile(path: vocabulary)
    } catch {
      throw HubError(error)
    }
    let tensors = try HubTensors(folder: folder, text.tensors, spellings: Self.spellings)
    return HubTextEncoder(
      configuration: text, vocabularyPath: vocabulary, lowercase: settings?.lowercase ?? true,
      stripAccents: settings?.stripAccents ?? true, tensors: tensors)
  }

  /// The numbers of a tensor, given by our name, such as `text_encoder.word.weight`.
  public func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }

  private static func configuration(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> ModelConfiguration.Text {
    _ = try reader.word("model_type", of: ["bert"])
    _ = try reader.word("hidden_act", of: ["gelu"])
    reader.dropNull("position_embedding_type")
    _ = try reader.word("position_embedding_type", of: ["absolute"])
    try reader.refuse("is_decoder", true)
    var text = ModelConfiguration.Text()
    text.vocabularySize = try reader.integer("vocab_size", text.vocabularySize, in: 1...4_194_304)
    text.hiddenSize = try reader.integer("hidden_size", text.hiddenSize, in: 1...16_384)
    text.layers = try reader.integer("num_hidden_layers", text.layers, in: 0...256)
    text.heads = try reader.integer("num_attention_heads", text.heads, in: 1...16_384)
    text.feedForward = try reader.integer("intermediate_size", text.feedForward, in: 1...65_536)
    text.maxPositions = try reader.integer("max_position_embeddings", text.maxPositions, in: 2...16_384)
    text.tokenTypes = try reader.integer("type_vocab_size", text.tokenTypes, in: 1...1024)
    text.epsilon = try reader.real("layer_norm_eps", text.epsilon, in: 0...1)
    try reader.checkHeads(width: text.hiddenSize, text.heads)
    return text
  }

  private static func tokenizer(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> (lowercase: Bool, stripAccents: Bool) {
    for key in ["do_lower_case", "strip_accents", "tokenize_chinese_chars"] { reader.dropNull(key) }
    let lowercase = try reader.boolean("do_lower_case", true)
    try reader.refuse("tokenize_chinese_chars", false)
    return (lowercase, try reader.boolean("strip_accents", lowercase))
  }

  /// The names that hubs give one of our tensors, the commonest first.
  private static func spellings(_ name: String) -> [String] {
    let parts = name.split(separator: ".").dropFirst().map(String.init), part = parts[parts.count - 1]
    var path: String
    switch parts[0] {
    case "word", "position", "token_type": path = "embeddings.\(parts[0])_embeddings"
    case "norm": path = "embeddings.LayerNorm"
    default: path = "encoder.layer.\(parts[1])." + (Self.inBlock[parts[2...].dropLast().joined(separator: ".")] ?? "")
    }
    let old = path.hasSuffix("LayerNorm") ? ["\(path).\(part == "weight" ? "gamma" : "beta")"] : []
    return (["\(path).\(part)"] + old).flatMap { [$0, "bert." + $0] }
  }

  /// The parts of a block, by our names.
  private static let inBlock = [
    "attention.query": "attention.self.query", "attention.key": "attention.self.key",
    "attention.value": "attention.self.value", "attention_output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm", "fc1": "intermediate.dense", "fc2": "output.dense",
    "output_norm": "output.LayerNorm",
  ]
}

extension ModelConfiguration.Text {
  /// The encoder's tensors, under our names.
  var tensors: [ModelConfiguration.TensorShape] {
    var model = ModelConfiguration(labelNames: [])
    model.text = self
    return model.tensors.filter { $0.name.utf8.starts(with: "text_encoder.".utf8) }
  }
}

extension ConfigurationReader {
  /// Refuses a switch in a position that is not built.
  mutating func refuse(_ key: String, _ position: Bool) throws(ConfigurationFault) {
    guard try boolean(key, !position) == position else { return }
    throw .outOfRange(key: name(key), value: "\(position)", allowed: "\(!position)")
  }

  /// Complains of a width that its heads do not divide.
  func checkHeads(width: Int, _ heads: Int) throws(ConfigurationFault) {
    guard width.isMultiple(of: heads) else {
      throw .headsDoNotDivide(
        widthKey: name("hidden_size"), width: width, headsKey: name("num_attention_heads"), heads: heads)
    }
  }
}
