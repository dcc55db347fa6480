/// The text encoders that hubs have and that are read: what their configuration says, and what their tensors are called.
enum HubTextKind: String, CaseIterable {
  case bert
  /// A BERT without token types and pooler, under names of its own.
  case distilbert
  /// A BERT whose first position is the one behind that of its padding.
  case roberta
  /// The same with pieces of many languages.
  case xlmRoberta = "xlm-roberta"
  /// The texts' half of a CLIP: norms first, a piece attends to those before it.
  case clip
  /// The same by itself.
  case clipText = "clip_text_model"
  /// The texts' half of a SigLIP: norms first.
  case siglip
  /// The same by itself.
  case siglipText = "siglip_text_model"

  /// What a `config.json` says: the encoder's sizes, and the row of the table of positions that is the first one's.
  typealias Sizes = (sizes: ModelConfiguration.Text, firstPosition: Int)

  /// Reads a `config.json`.
  static func configuration(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> (kind: HubTextKind, text: Sizes) {
    let kind = HubTextKind(rawValue: try reader.word("model_type", of: allCases.map(\.rawValue))) ?? .bert
    if let twin = kind.twin { return (kind, (try twin.text(&reader, "text_config"), 0)) }
    switch kind {
    case .distilbert: return (kind, (try distilbert(&reader), 0))
    case .roberta, .xlmRoberta: return (kind, try behindPadding(&reader, try bert(&reader)))
    default: return (kind, (try bert(&reader), 0))
    }
  }

  /// RoBERTa's positions are counted from the one behind that of its padding.
  private static func behindPadding(
    _ reader: inout ConfigurationReader, _ text: ModelConfiguration.Text
  ) throws(ConfigurationFault) -> Sizes {
    var text = text
    let first = try reader.integer("pad_token_id", 1, in: 0...16_384) + 1
    guard first < text.maxPositions else {
      throw .outOfRange(key: "pad_token_id", value: "\(first - 1)", allowed: "less than \(text.maxPositions - 1)")
    }
    text.maxPositions -= first
    return (text, first)
  }

  private static func bert(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> ModelConfiguration.Text {
    _ = try reader.word("hidden_act", of: ["gelu"])
    reader.dropNull("position_embedding_type")
    _ = try reader.word("position_embedding_type", of: ["absolute"])
    try reader.refuse("is_decoder", true)
    var text = ModelConfiguration.Text()
    text.hiddenSize = try reader.integer("hidden_size", text.hiddenSize, in: 1...16_384)
    text.layers = try reader.integer("num_hidden_layers", text.layers, in: 0...256)
    text.heads = try reader.integer("num_attention_heads", text.heads, in: 1...16_384)
    text.feedForward = try reader.integer("intermediate_size", text.feedForward, in: 1...65_536)
    text.tokenTypes = try reader.integer("type_vocab_size", text.tokenTypes, in: 1...1024)
    text.epsilon = try reader.real("layer_norm_eps", text.epsilon, in: 0...1)
    try reader.checkHeads(width: text.hiddenSize, text.heads)
    return try tables(&reader, text)
  }

  private static func distilbert(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> ModelConfiguration.Text {
    _ = try reader.word("activation", of: ["gelu"])
    var text = ModelConfiguration.Text()
    // The model has no types of tokens; ours has one, of zeros.
    (text.layers, text.tokenTypes) = (6, 1)
    text.hiddenSize = try reader.integer("dim", text.hiddenSize, in: 1...16_384)
    text.layers = try reader.integer("n_layers", text.layers, in: 0...256)
    text.heads = try reader.integer("n_heads", text.heads, in: 1...16_384)
    text.feedForward = try reader.integer("hidden_dim", text.feedForward, in: 1...65_536)
    try reader.checkHeads(width: text.hiddenSize, text.heads, keys: ("dim", "n_heads"))
    return try tables(&reader, text)
  }

  private static func tables(
    _ reader: inout ConfigurationReader, _ text: ModelConfiguration.Text
  ) throws(ConfigurationFault) -> ModelConfiguration.Text {
    var text = text
    text.vocabularySize = try reader.integer("vocab_size", text.vocabularySize, in: 1...4_194_304)
    text.maxPositions = try reader.integer("max_position_embeddings", text.maxPositions, in: 2...16_384)
    return text
  }

  /// What one of our tensors is made of; the table of positions begins with row `firstPosition` of the file's.
  func recipe(_ tensor: ModelConfiguration.TensorShape, firstPosition: Int) -> TensorRecipe {
    let parts = tensor.name.split(separator: ".").dropFirst().map(String.init)
    if let twin { return twin.recipe(parts, tensor.shape) }
    if self == .distilbert, parts[0] == "token_type" { return .zeros(tensor.shape) }
    let skipped = parts[0] == "position" ? firstPosition : 0
    return .same(spellings(parts), tensor.shape, skippingRows: skipped)
  }

  /// The half of a model of texts and pictures that it is.
  private var twin: HubTwinKind? {
    switch self {
    case .clip, .clipText: .clip
    case .siglip, .siglipText: .siglip
    case .bert, .distilbert, .roberta, .xlmRoberta: nil
    }
  }

  /// The names that hubs give one of our tensors, the commonest first.
  func spellings(_ parts: [String]) -> [String] {
    let part = parts[parts.count - 1]
    var path: String
    switch parts[0] {
    case "word", "position", "token_type": path = "embeddings.\(parts[0])_embeddings"
    case "norm": path = "embeddings.LayerNorm"
    default: path = "\(layers).\(parts[1])." + (inBlock[parts[2...].dropLast().joined(separator: ".")] ?? "")
    }
    let old = path.hasSuffix("LayerNorm") ? ["\(path).\(part == "weight" ? "gamma" : "beta")"] : []
    return (["\(path).\(part)"] + old).flatMap { name in
      [name] + prefixes.map { "\($0).\(name)" }
    }
  }

  private var layers: String { self == .distilbert ? "transformer.layer" : "encoder.layer" }

  /// What may stand before a name.
  private var prefixes: [String] { self == .distilbert ? ["distilbert"] : ["bert", "roberta"] }

  /// The parts of a block, by our names.
  private var inBlock: [String: String] {
    switch self {
    case .distilbert:
      [
        "attention.query": "attention.q_lin", "attention.key": "attention.k_lin", "attention.value": "attention.v_lin",
        "attention_output": "attention.out_lin", "attention_norm": "sa_layer_norm", "fc1": "ffn.lin1",
        "fc2": "ffn.lin2", "output_norm": "output_layer_norm",
      ]
    default:
      [
        "attention.query": "attention.self.query", "attention.key": "attention.self.key",
        "attention.value": "attention.self.value", "attention_output": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm", "fc1": "intermediate.dense", "fc2": "output.dense",
        "output_norm": "output.LayerNorm",
      ]
    }
  }
}
