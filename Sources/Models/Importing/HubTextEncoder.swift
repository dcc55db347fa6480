/// A BERT, DistilBERT, RoBERTa or XLM-R from a model hub, under clfa's names.
///
/// Its tensors may have the prefix `bert.`, `distilbert.` or `roberta.` and name a norm's parts `gamma` and `beta`.
/// Poolers, heads and tables of position ids are ignored. RoBERTa's first position is the one after its padding id: the
/// rows before it are left out.
package struct HubTextEncoder: Sendable {
  /// The encoder's sizes.
  package let configuration: ModelConfiguration.Text
  /// The file of word pieces: `vocab.txt`, otherwise `tokenizer.json` or one of ``otherTokenizers``.
  package let vocabularyPath: String
  /// The settings of its tokenizer.
  package let tokenizer: TokenizerSettings
  /// The file with its sizes.
  let configurationPath: String
  let tensors: HubTensors
  /// What was done to read its weights.
  package var notes: [ImportNote] { tensors.file.notes }

  /// Reads a folder: configuration, names and shapes of the tensors, tokenizer settings. The numbers stay on disk.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - base: the model's folder if `path` is that of a LoRA adapter.
  ///   - isPretokenized: whether texts come with blanks between words, and nothing else is to be split.
  /// - Returns: the encoder.
  /// - Throws: `HubError` for a file that is missing or cannot be used.
  package static func load(
    _ path: String, base: String? = nil, isPretokenized: Bool = false
  ) throws(HubError) -> HubTextEncoder {
    let folder = try HubFolder.model(path, base: base, as: .text)
    guard let (kind, text) = try folder.read("config.json", HubTextKind.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    let tokenizer = try HubTokenizer.load(folder, isPretokenized: isPretokenized)
    let tensors = try HubTensors(try folder.weights(), text.sizes.tensors) {
      kind.recipe($0, firstPosition: text.firstPosition)
    }
    return HubTextEncoder(
      configuration: text.sizes, vocabularyPath: tokenizer.path, tokenizer: tokenizer.settings,
      configurationPath: folder.file("config.json"), tensors: tensors)
  }

  /// The files of a hub folder that determine an encoder and its tokenizer.
  package static func files(of path: String) -> [String] {
    let folder = HubFolder.named(path)
    return folder.names(["config.json"] + HubTokenizer.files(in: folder)) + HubFolder.weightFiles(of: path)
  }

  /// The folder that holds the encoder itself, which may be within that of sentence-transformers.
  package static func folder(of path: String) -> String {
    let file = HubFolder.named(path).file("")
    return file.utf8.count > 1 && file.hasSuffix("/") ? String(file.dropLast()) : file
  }

  /// The numbers of a tensor, given by clfa's name, such as `text_encoder.word.weight`.
  package func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }
}

extension ModelConfiguration.Text {
  /// The encoder's tensors, under clfa's names.
  var tensors: [ModelConfiguration.TensorShape] {
    var model = ModelConfiguration(labelNames: [])
    model.text = self
    return model.tensors.filter { $0.name.utf8.starts(with: "text_encoder.".utf8) }
  }
}

extension ConfigurationReader {
  /// Rejects an unsupported value of a setting.
  mutating func refuse(_ key: String, _ position: Bool) throws(ConfigurationError) {
    guard try boolean(key, !position) == position else { return }
    throw .outOfRange(key: name(key), value: "\(position)", allowed: "\(!position)")
  }

  /// Throws if a width is not divisible by its number of heads.
  func checkHeads(
    width: Int, _ heads: Int, keys: (width: String, heads: String) = ("hidden_size", "num_attention_heads")
  ) throws(ConfigurationError) {
    guard width.isMultiple(of: heads) else {
      throw .headsDoNotDivide(widthKey: name(keys.width), width: width, headsKey: name(keys.heads), heads: heads)
    }
  }
}

/// The supported text encoders of model hubs: their configuration and their tensors' names.
enum HubTextKind: String, CaseIterable {
  case bert
  /// A BERT without token types and pooler, with its own names.
  case distilbert
  /// A BERT whose first position is the one after its padding id.
  case roberta
  /// The same with a multilingual vocabulary.
  case xlmRoberta = "xlm-roberta"
  /// The same with a French vocabulary.
  case camembert
  /// The text encoder of a CLIP: norms first; a piece attends only to itself and those before it.
  case clip
  /// The same as a separate model.
  case clipText = "clip_text_model"
  /// The text encoder of a SigLIP: norms first.
  case siglip
  /// The same as a separate model.
  case siglipText = "siglip_text_model"

  /// The content of a `config.json`: the encoder's sizes, and the first used row of the position embeddings.
  typealias Sizes = (sizes: ModelConfiguration.Text, firstPosition: Int)

  /// Reads a `config.json`.
  static func configuration(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationError) -> (kind: HubTextKind, text: Sizes) {
    let kind = HubTextKind(rawValue: try reader.word("model_type", of: allCases.map(\.rawValue))) ?? .bert
    if let dualEncoder = kind.dualEncoder { return (kind, (try dualEncoder.text(&reader, "text_config"), 0)) }
    switch kind {
    case .distilbert: return (kind, (try distilbert(&reader), 0))
    case .roberta, .xlmRoberta, .camembert: return (kind, try behindPadding(&reader, try bert(&reader)))
    default: return (kind, (try bert(&reader), 0))
    }
  }

  /// RoBERTa's positions start after its padding id.
  private static func behindPadding(
    _ reader: inout ConfigurationReader, _ text: ModelConfiguration.Text
  ) throws(ConfigurationError) -> Sizes {
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
  ) throws(ConfigurationError) -> ModelConfiguration.Text {
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
  ) throws(ConfigurationError) -> ModelConfiguration.Text {
    _ = try reader.word("activation", of: ["gelu"])
    var text = ModelConfiguration.Text()
    // The model has no token types; clfa's has one, with a vector of zeros.
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
  ) throws(ConfigurationError) -> ModelConfiguration.Text {
    var text = text
    text.vocabularySize = try reader.integer("vocab_size", text.vocabularySize, in: 1...4_194_304)
    text.maxPositions = try reader.integer("max_position_embeddings", text.maxPositions, in: 2...16_384)
    return text
  }

  /// The recipe of one of clfa's tensors; the position embeddings begin with row `firstPosition` of the file's.
  func recipe(_ tensor: ModelConfiguration.TensorShape, firstPosition: Int) -> TensorRecipe {
    let parts = tensor.name.split(separator: ".").dropFirst().map(String.init)
    if let dualEncoder { return dualEncoder.recipe(parts, tensor.shape) }
    if self == .distilbert, parts[0] == "token_type" { return .zeros(tensor.shape) }
    let skipped = parts[0] == "position" ? firstPosition : 0
    return .same(spellings(parts), tensor.shape, skippingRows: skipped)
  }

  /// The model of texts and pictures that it is a half of.
  private var dualEncoder: DualEncoderKind? {
    switch self {
    case .clip, .clipText: .clip
    case .siglip, .siglipText: .siglip
    case .bert, .distilbert, .roberta, .xlmRoberta, .camembert: nil
    }
  }

  /// The hubs' names for one of clfa's tensors, the most common first.
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

  /// The prefixes that a tensor's name may have.
  private var prefixes: [String] { self == .distilbert ? ["distilbert"] : ["bert", "roberta"] }

  /// The parts of a block, by clfa's names.
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
