import Bytes
package import Tensors

/// A hub's CLIP or SigLIP: texts and pictures become vectors in one space.
///
/// An immutable value, shared by all workers. A vector has the same bits in any company.
package struct ClipEncoder: Sendable {
  /// The sizes.
  package let configuration: ClipConfiguration
  /// How a picture becomes numbers.
  package let preprocessing: Preprocessing
  /// Where the file is that says how a text becomes pieces.
  package let tokenizerPath: String
  private let texts: ClipTextEncoder
  private let pictures: ClipImageEncoder

  /// The files of a hub's folder that vectors follow from.
  package static func files(of folder: String) -> [String] {
    ["config.json", "tokenizer.json", "preprocessor_config.json"] + HubFolder.weightFiles(of: folder)
  }

  /// Reads a folder and packs its weights, for products in f32.
  package init(folder path: String) throws(ClipError) {
    let folder = HubFolder(path: path)
    let configuration = try Self.read("config.json", of: folder) { (reader) throws(ConfigurationError) in
      try ClipConfiguration(&reader)
    }
    guard let configuration else { throw .hub(.missing(path: folder.file("config.json"))) }
    do throws(ConfigurationError) {
      for need in [configuration.textNeed, configuration.pictureNeed] { try ModelConfiguration.check(need) }
    } catch {
      throw .configuration(path: folder.file("config.json"), error)
    }
    let size = configuration.imageSize
    let preprocessing = try Self.read("preprocessor_config.json", of: folder, isOptional: true) {
      (reader) throws(ConfigurationError) in try Self.preprocessing(&reader, size, configuration.kind)
    }
    self.configuration = configuration
    do throws(ConfigurationError) {
      var absent = try ConfigurationReader(.object([]))
      let usual = try Self.preprocessing(&absent, size, configuration.kind)
      self.preprocessing = preprocessing ?? usual
    } catch {
      throw .configuration(path: folder.file("preprocessor_config.json"), error)
    }
    tokenizerPath = folder.file("tokenizer.json")
    let words: HubTensors, wordsHead: HubTensors, seen: HubTensors, seenHead: HubTensors
    do throws(HubError) {
      let file = try folder.weights(), kind = configuration.kind, image = configuration.image
      func parts(_ tensor: ModelConfiguration.TensorShape) -> [String] {
        tensor.name.split(separator: ".").dropFirst().map(String.init)
      }
      func unchangedRecipe(_ tensor: ModelConfiguration.TensorShape) -> TensorRecipe {
        .same([tensor.name], tensor.shape)
      }
      words = try HubTensors(file, configuration.text.tensors) { kind.recipe(parts($0), $0.shape) }
      wordsHead = try HubTensors(file, ClipTextEncoder.head(configuration), recipe: unchangedRecipe)
      seen = try HubTensors(file, image.tensors) { kind.recipe(parts($0), $0.shape, image, trained: image) }
      seenHead = try HubTensors(file, ClipImageEncoder.head(configuration), recipe: unchangedRecipe)
    } catch {
      throw .hub(error)
    }
    do throws(ModelError) {
      texts = try ClipTextEncoder(words, head: wordsHead, configuration)
      pictures = try ClipImageEncoder(seen, head: seenHead, configuration)
    } catch {
      throw .hub(HubError(error))
    }
  }

  /// Reads how pictures become numbers: a square of the model's own size, for its table of positions is of that one.
  private static func preprocessing(
    _ reader: inout ConfigurationReader, _ size: Int, _ kind: DualEncoderKind
  ) throws(ConfigurationError) -> Preprocessing {
    let usual: HubPreprocessing.Family = kind == .clip ? .clip : .siglip
    let preprocessing = try HubPreprocessing.read(&reader, usual: usual, side: size)
    guard preprocessing.size == size else {
      throw .outOfRange(
        key: reader.name(kind == .clip ? "crop_size" : "size"), value: "\(preprocessing.size)",
        allowed: "\(size), the image_size of config.json")
    }
    return preprocessing
  }

  private static func read<Value>(
    _ name: String, of folder: HubFolder, isOptional: Bool = false,
    _ body: (inout ConfigurationReader) throws(ConfigurationError) -> Value
  ) throws(ClipError) -> Value? {
    do throws(HubError) {
      return try folder.read(name, isOptional: isOptional, body)
    } catch .configuration(let path, let fault) {
      throw .configuration(path: path, fault)
    } catch {
      throw .hub(error)
    }
  }

  /// The `model_type` in a hub folder's `config.json`; nil if it cannot be read.
  package static func modelType(of folder: String) -> String? {
    let type = try? HubFolder(path: folder).read("config.json") { (reader) throws(ConfigurationError) in
      try reader.string("model_type")
    }
    return type ?? nil
  }

  /// Whether a text of these pieces, as the tokenizer makes them of nothing, is pooled at its last one.
  package func hasExpectedEnd(_ pieces: [Int32]) -> Bool {
    switch configuration.end {
    case .piece(let id): pieces.last == id
    case .filled: true
    case .greatest: pieces.last == pieces.max()
    }
  }

  /// A workspace for one worker thread, which first says `OneDNN.useOneThread()`.
  package func makeWorkspace() -> Workspace { Workspace() }

  /// The vectors of texts, given by their pieces, both ends included; not of unit length yet.
  ///
  /// The error is about pieces that the encoder can't take, or about memory.
  package func vectors(
    ofTexts pieces: [[Int32]], using workspace: Workspace
  ) throws(ModelError) -> [[Float]] {
    let sizes = configuration.text
    for (index, text) in pieces.enumerated() {
      if let fault = PostInputs.fault(in: text, "text", sizes) { throw .inputs(index: index, fault) }
    }
    guard !pieces.isEmpty else { return [] }
    do throws(TensorError) {
      return try texts(pieces, using: workspace)
    } catch {
      throw .tensors(error)
    }
  }

  /// The vectors of pictures, each 3 · size² numbers, channel by channel; not of unit length yet.
  ///
  /// The error is about pictures of another size, or about memory.
  package func vectors(
    ofPictures pixels: [[Float]], using workspace: Workspace
  ) throws(ModelError) -> [[Float]] {
    for (index, picture) in pixels.enumerated() where picture.count != pictures.pixelCount {
      throw .inputs(index: index, .pixelCount(found: picture.count, expected: pictures.pixelCount))
    }
    guard !pixels.isEmpty else { return [] }
    do throws(TensorError) {
      return try pictures(pixels, using: workspace)
    } catch {
      throw .tensors(error)
    }
  }
}

/// The sizes of a CLIP or a SigLIP, as a hub's `config.json` says them.
package struct ClipConfiguration: Sendable, Equatable {
  /// Where a text's vector is read off.
  enum End: Sendable, Equatable {
    /// At the first piece of the greatest number: what configurations from before the piece was named mean.
    case greatest
    /// At the first piece of this number.
    case piece(Int32)
    /// At the last place of all, which every text is filled up to with this piece; the fill is attended to, too.
    case filled(Int32)
  }

  let kind: DualEncoderKind
  let text: ModelConfiguration.Text
  let image: ModelConfiguration.Image
  let end: End
  /// The numbers of a vector in the space that texts and pictures share.
  package let dim: Int

  /// How many pieces have a vector.
  package var vocabularySize: Int { text.vocabularySize }
  /// The most pieces of a text, both ends included.
  package var maxPieces: Int { text.maxPositions }
  /// The side of a picture's square.
  package var imageSize: Int { image.size }
  /// The tokens of a picture: one for the whole, if there is one, and one a patch.
  package var imageTokens: Int { image.tokens }

  /// The memory that the longest text and a picture take.
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
  package static let types = ["clip", "siglip"]

  /// Reads `config.json`; what is absent is what hubs take then.
  init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
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

/// Why a hub's folder cannot be read as a CLIP or a SigLIP.
package enum ClipError: Error, Equatable, Sendable {
  /// A configuration of a variant that is not built.
  case configuration(path: String, ConfigurationError)
  /// A file that is missing, that cannot be read, or that does not fit the configuration.
  case hub(HubError)
}

extension ClipError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .configuration(let path, let fault):
      "\(path.printable): \(fault); clfa reads CLIP and SigLIP models with quick_gelu, gelu or gelu_pytorch_tanh, whose pictures "
        + "are resized to a square or by their shorter side"
    case .hub(.missing(let path)):
      "\(path.printable) does not exist; the folder of a CLIP or SigLIP holds config.json, the weights (model.safetensors or "
        + "pytorch_model.bin, whole or in shards), tokenizer.json and, where its pictures are not prepared in the usual way, "
        + "preprocessor_config.json"
    case .hub(let error): "\(error)"
    }
  }
}
