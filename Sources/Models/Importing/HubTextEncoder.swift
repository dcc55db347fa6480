/// A BERT, DistilBERT, RoBERTa or XLM-R as hubs hand it out, under our names.
///
/// Its tensors may carry the prefix `bert.`, `distilbert.` or `roberta.` and call a norm's parts `gamma` and `beta`.
/// Poolers and heads are not read, nor are tables of positions. RoBERTa's first position is one behind that of its
/// padding: the rows before it are left out.
public struct HubTextEncoder: Sendable {
  /// The encoder's sizes.
  public let configuration: ModelConfiguration.Text
  /// Where the pieces of words are: `vocab.txt`, else `tokenizer.json`.
  public let vocabularyPath: String
  /// How its texts become pieces.
  public let tokenizer: TokenizerSettings
  /// Where its sizes are.
  let configurationPath: String
  let tensors: HubTensors

  /// Reads a folder: configuration, the tensors' names and shapes, how text becomes pieces. The numbers stay on disk.
  public static func load(_ path: String) throws(HubError) -> HubTextEncoder {
    let folder = HubFolder(path: path)
    guard let (kind, text) = try folder.read("config.json", HubTextKind.configuration) else {
      preconditionFailure("config.json is not optional")
    }
    let (vocabulary, tokenizer) = try Self.tokenizer(in: folder)
    let tensors = try HubTensors(try folder.weights(), text.sizes.tensors) {
      kind.recipe($0, firstPosition: text.firstPosition)
    }
    return HubTextEncoder(
      configuration: text.sizes, vocabularyPath: vocabulary, tokenizer: tokenizer,
      configurationPath: folder.file("config.json"), tensors: tensors)
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

  /// The files of a hub's folder that an encoder and its pieces follow from.
  package static func files(of folder: String) -> [String] {
    ["config.json", "vocab.txt", "tokenizer.json", "tokenizer_config.json"] + HubFolder.weightFiles(of: folder)
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
