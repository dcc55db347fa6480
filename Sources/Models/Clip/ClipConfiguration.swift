/// The sizes of a CLIP or a SigLIP, as a hub's `config.json` says them.
public struct ClipConfiguration: Sendable, Equatable {
  /// Where a text's vector is read off.
  enum End: Sendable, Equatable {
    /// At the first piece of the greatest number: what configurations from before the piece was named mean.
    case greatest
    /// At the first piece of this number.
    case piece(Int32)
    /// At the last place of all, which every text is filled up to with this piece; the fill is attended to, too.
    case filled(Int32)
  }

  let kind: HubTwinKind
  let text: ModelConfiguration.Text
  let image: ModelConfiguration.Image
  let end: End
  /// The numbers of a vector in the space that texts and pictures share.
  public let dim: Int

  /// How many pieces have a vector.
  public var vocabularySize: Int { text.vocabularySize }
  /// The most pieces of a text, both ends included.
  public var maxPieces: Int { text.maxPositions }
  /// The side of a picture's square.
  public var imageSize: Int { image.size }
  /// The tokens of a picture: one for the whole, if there is one, and one a patch.
  public var imageTokens: Int { image.tokens }

  /// What the longest text and a picture take.
  var textNeed: ModelConfiguration.PostNeed {
    text.need(["text_config.max_position_embeddings", "text_config.hidden_size"])
  }
  var pictureNeed: ModelConfiguration.PostNeed {
    image.need(["vision_config.image_size", "vision_config.patch_size", "vision_config.hidden_size"])
  }
  /// How many texts, and how many pictures, are best encoded together.
  package var textsTogether: Int { ModelConfiguration.together(textNeed, most: 32) }
  package var picturesTogether: Int {
    // A batch's tokens are to stay near.
    ModelConfiguration.together(pictureNeed, most: max(4, min(16, 2048 / imageTokens)))
  }

  /// Whether every text is filled up to the most pieces, as a SigLIP's are.
  package var isFilled: Bool { if case .filled = end { true } else { false } }

  /// The types of models that are read.
  public static let types = ["clip", "siglip"]

  /// Reads `config.json`; what is absent is what hubs take then.
  init(_ reader: inout ConfigurationReader) throws(ConfigurationFault) {
    kind = try reader.word("model_type", of: Self.types) == "siglip" ? .siglip : .clip
    // What a reader gives away it has no more.
    var again = reader
    (text, image) = (try kind.text(&reader, "text_config"), try kind.image(&reader, "vision_config"))
    var words = try kind.part("text_config", &again), seen = try kind.part("vision_config", &again)
    switch kind {
    case .clip:
      dim = try reader.integer("projection_dim", 512, in: 1...16_384)
      let end = try words.integer("eos_token_id", 49_407, in: 0...4_194_304)
      self.end = end == 2 ? .greatest : .piece(Int32(end))
    case .siglip:
      try seen.refuse("vision_use_head", false)
      dim = try words.integer("projection_size", text.hiddenSize, in: 1...16_384)
      guard dim == image.hiddenSize else {
        throw .outOfRange(
          key: words.name("projection_size"), value: "\(dim)",
          allowed: "\(image.hiddenSize), the hidden_size of vision_config")
      }
      end = .filled(Int32(try words.integer("pad_token_id", 1, in: 0...(text.vocabularySize - 1))))
    }
  }
}
