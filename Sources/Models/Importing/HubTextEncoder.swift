/// A BERT, RoBERTa or XLM-R as hubs hand it out, under our names.
///
/// Its tensors may carry the prefix `bert.` or `roberta.` and call a norm's parts `gamma` and `beta`. Poolers and heads
/// are not read, nor are tables of positions. RoBERTa's first position is one behind that of its padding: the rows before
/// it are left out.
public struct HubTextEncoder: Sendable {
  /// The encoder's sizes.
  public let configuration: ModelConfiguration.Text
  /// Where the pieces of words are: `vocab.txt`, else `tokenizer.json`.
  public let vocabularyPath: String
  /// How its texts become pieces.
  public let tokenizer: TokenizerSettings
  let tensors: HubTensors

  /// Reads a folder: configuration, the tensors' names and shapes, how text becomes pieces. The numbers stay on disk.
  public static func load(_ path: String) throws(HubError) -> HubTextEncoder {
    let folder = HubFolder(path: path)
    guard let text = try folder.read("config.json", Self.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    let (vocabulary, tokenizer) = try Self.tokenizer(in: folder)
    let tensors = try HubTensors(
      folder: folder, text.sizes.tensors, skippedRows: ["text_encoder.position.weight": text.firstPosition],
      spellings: Self.spellings)
    return HubTextEncoder(
      configuration: text.sizes, vocabularyPath: vocabulary, tokenizer: tokenizer, tensors: tensors)
  }

  /// Word pieces where there is a `vocab.txt`; what a tokenizer file says otherwise.
  private static func tokenizer(
    in folder: HubFolder
  ) throws(HubError) -> (path: String, settings: TokenizerSettings) {
    var settings = TokenizerSettings()
    let words = folder.file(TokenizerSettings.Kind.wordPiece.fileName)
    do throws(ModelError) {
      _ = try MappedFile(path: words)
    } catch {
      guard case .missingFile = error else { throw HubError(error) }
      settings.kind = .subword
      let pieces = folder.file(settings.kind.fileName)
      do throws(ModelError) {
        _ = try MappedFile(path: pieces)
      } catch .missingFile {
        throw .missing(path: words)
      } catch {
        throw HubError(error)
      }
      return (pieces, settings)
    }
    if let read = try folder.read("tokenizer_config.json", isOptional: true, Self.tokenizer) {
      (settings.lowercase, settings.stripAccents) = read
    }
    return (words, settings)
  }

  /// The numbers of a tensor, given by our name, such as `text_encoder.word.weight`.
  public func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }

  private static func configuration(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> (sizes: ModelConfiguration.Text, firstPosition: Int) {
    let type = try reader.word("model_type", of: ["bert", "roberta", "xlm-roberta"])
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
    guard type != "bert" else { return (text, 0) }
    let firstPosition = try reader.integer("pad_token_id", 1, in: 0...16_384) + 1
    guard firstPosition < text.maxPositions else {
      throw .outOfRange(
        key: "pad_token_id", value: "\(firstPosition - 1)", allowed: "less than \(text.maxPositions - 1)")
    }
    text.maxPositions -= firstPosition
    return (text, firstPosition)
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
    return (["\(path).\(part)"] + old).flatMap { [$0, "bert." + $0, "roberta." + $0] }
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
