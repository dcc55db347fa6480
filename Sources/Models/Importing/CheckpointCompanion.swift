import Bytes

/// The `config.json` next to a checkpoint: settings that its tensors' shapes do not show.
///
/// It may be that of a model folder of clfa, or a hub's for the text encoder alone.
struct CheckpointCompanion {
  let path: String
  private(set) var textHeads: Int?
  private(set) var imageHeads: Int?
  private(set) var fusionHeads: Int?
  private(set) var pooling: Pooling?
  private(set) var lowercase: Bool?
  private var textWidth: Int?
  private var imageWidth: Int?
  private var dim: Int?

  /// Reads the file; nil if there is none, or none of these kinds.
  init?(of checkpoint: String) {
    let folder = checkpoint.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(checkpoint[...$0]) } ?? ""
    path = folder + "config.json"
    guard let bytes = try? MappedFile(path: path, limit: 1 << 20).copy(), let json = try? JSONParser.parse(bytes),
      var reader = try? ConfigurationReader(json)
    else { return nil }
    let heads = 1...16_384
    if var text = try? reader.object("text"), var image = try? reader.object("image"), text.has("heads") {
      (textHeads, textWidth) = (Self.integer(&text, "heads", heads), Self.integer(&text, "hidden_size", heads))
      (imageHeads, imageWidth) = (Self.integer(&image, "heads", heads), Self.integer(&image, "hidden_size", heads))
      (fusionHeads, dim) = (Self.integer(&reader, "fusion_heads", heads), Self.integer(&reader, "dim", heads))
      pooling = (try? reader.string("pooling")).flatMap { $0 }.flatMap(Pooling.init(rawValue:))
      if var tokenizer = try? reader.object("tokenizer") {
        lowercase = (try? tokenizer.optionalBoolean("lowercase")).flatMap { $0 }
      }
    } else {
      textHeads = Self.integer(&reader, "num_attention_heads", heads)
      textWidth = Self.integer(&reader, "hidden_size", heads)
      guard textHeads != nil, textWidth != nil else { return nil }
    }
  }

  private static func integer(
    _ reader: inout ConfigurationReader, _ key: String, _ range: ClosedRange<Int>
  ) -> Int? {
    (try? reader.optionalInteger(key, in: range)).flatMap { $0 }
  }

  /// Whether it can describe a model of these widths.
  func fits(_ model: ModelConfiguration) -> Bool {
    (textWidth ?? model.text.hiddenSize) == model.text.hiddenSize
      && (imageWidth ?? model.image.hiddenSize) == model.image.hiddenSize && (dim ?? model.dim) == model.dim
  }
}
