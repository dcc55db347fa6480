/// A BERT or DistilBERT as hubs hand it out, under our names.
///
/// Its tensors may carry the prefix `bert.` or `distilbert.` and call a norm's parts `gamma` and `beta`. Poolers and
/// heads are not read, nor are tables of positions.
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
    guard let (kind, text) = try folder.read("config.json", HubTextKind.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    let settings = try folder.read("tokenizer_config.json", isOptional: true, Self.tokenizer)
    let vocabulary = folder.file("vocab.txt")
    do {
      _ = try MappedFile(path: vocabulary)
    } catch {
      throw HubError(error)
    }
    let tensors = try HubTensors(try folder.weights(), text.tensors, recipe: kind.recipe)
    return HubTextEncoder(
      configuration: text, vocabularyPath: vocabulary, lowercase: settings?.lowercase ?? true,
      stripAccents: settings?.stripAccents ?? true, tensors: tensors)
  }

  /// The numbers of a tensor, given by our name, such as `text_encoder.word.weight`.
  public func values(_ name: String) throws(HubError) -> [Float] { try tensors.values(name) }

  private static func tokenizer(
    _ reader: inout ConfigurationReader
  ) throws(ConfigurationFault) -> (lowercase: Bool, stripAccents: Bool) {
    for key in ["do_lower_case", "strip_accents", "tokenize_chinese_chars"] { reader.dropNull(key) }
    let lowercase = try reader.boolean("do_lower_case", true)
    try reader.refuse("tokenize_chinese_chars", false)
    return (lowercase, try reader.boolean("strip_accents", lowercase))
  }
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
  func checkHeads(
    width: Int, _ heads: Int, keys: (width: String, heads: String) = ("hidden_size", "num_attention_heads")
  ) throws(ConfigurationFault) {
    guard width.isMultiple(of: heads) else {
      throw .headsDoNotDivide(widthKey: name(keys.width), width: width, headsKey: name(keys.heads), heads: heads)
    }
  }
}
