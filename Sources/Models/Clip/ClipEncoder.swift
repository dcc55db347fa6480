import Bytes
package import Tensors

/// A CLIP or SigLIP from a model hub: it encodes texts and pictures as vectors in one space.
///
/// An immutable value, shared by all workers. A vector has the same bits whatever else is in the batch.
package struct ClipEncoder: Sendable {
  /// The sizes.
  package let configuration: ClipConfiguration
  /// How a picture is converted to numbers.
  package let preprocessing: Preprocessing
  private let folder: HubFolder
  private let texts: ClipTextEncoder
  private let pictures: ClipImageEncoder

  /// The files of a hub folder that affect the vectors.
  package static func files(of folder: String) -> [String] {
    let hub = HubFolder.named(folder)
    return hub.names(["config.json"] + HubTokenizer.files(in: hub) + ["preprocessor_config.json"])
      + HubFolder.weightFiles(of: folder)
  }

  /// Reads a folder and packs its weights, for products in f32; `base`: the model's folder if it is a LoRA adapter's.
  package init(folder path: String, base: String? = nil) throws(ClipError) {
    let folder: HubFolder
    do throws(HubError) {
      folder = try HubFolder.model(path, base: base, as: .pair)
    } catch {
      throw .hub(error)
    }
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
    self.folder = folder
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

  /// The file that defines the tokenizer: `tokenizer.json`, or one that is converted to it, such as `merges.txt`.
  ///
  /// - Throws: `ClipError` if there is none, or if a setting of the files next to it is not supported.
  package func tokenizerPath() throws(ClipError) -> String {
    let tokenizer: HubTokenizer
    do throws(HubError) {
      tokenizer = try HubTokenizer.load(folder, isPretokenized: false)
    } catch .missing {
      throw .hub(.missing(path: folder.file("tokenizer.json")))
    } catch {
      throw .hub(error)
    }
    guard tokenizer.settings.kind == .subword else {
      throw .hub(
        .tokenizer(
          path: tokenizer.path,
          .unsupported(key: "the tokenizer", value: "one of word pieces", why: "CLIP and SigLIP have other pieces")))
    }
    return tokenizer.path
  }

  /// Reads how pictures are converted to numbers: to a square of the model's own size, because its position embeddings
  /// have that size.
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
    let type = try? HubFolder.named(folder).read("config.json") { (reader) throws(ConfigurationError) in
      try reader.string("model_type")
    }
    return type ?? nil
  }

  /// Whether an empty text, given by the tokenizer's pieces, is pooled at its last piece.
  package func hasExpectedEnd(_ pieces: [Int32]) -> Bool {
    switch configuration.end {
    case .piece(let id): pieces.last == id
    case .filled: true
    case .greatest: pieces.last == pieces.max()
    }
  }

  /// A workspace for one worker thread, which must first call `OneDNN.useOneThread()`.
  package func makeWorkspace() -> Workspace { Workspace() }

  /// Encodes texts, given by their pieces including the first and last; the vectors are not normalised.
  ///
  /// Throws for pieces that the encoder can't take, or for lack of memory.
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

  /// Encodes pictures, each 3 · size² numbers, channel by channel; the vectors are not normalised.
  ///
  /// Throws for pictures of another size, or for lack of memory.
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

/// The sizes of a CLIP or a SigLIP, from a hub's `config.json`.
package struct ClipConfiguration: Sendable, Equatable {
  /// The position at which a text's vector is read.
  enum End: Sendable, Equatable {
    /// At the first occurrence of the highest piece number, as in configurations that do not name the end piece.
    case greatest
    /// At the first occurrence of this piece.
    case piece(Int32)
    /// At the last position, to which every text is padded with this piece; the padding is attended to, too.
    case filled(Int32)
  }

  let kind: DualEncoderKind
  let text: ModelConfiguration.Text
  let image: ModelConfiguration.Image
  let end: End
  /// The width of the vectors that texts and pictures share.
  package let dim: Int

  /// The number of pieces with a vector.
  package var vocabularySize: Int { text.vocabularySize }
  /// The maximum number of pieces of a text, including the first and last.
  package var maxPieces: Int { text.maxPositions }
  /// The side of a picture's square.
  package var imageSize: Int { image.size }
  /// The tokens of a picture: a class token, if the model has one, and one per patch.
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
    // A batch's tokens should stay in the cache.
    ModelConfiguration.together(pictureNeed, most: max(4, min(16, 2048 / imageTokens)))
  }

  /// Whether every text is padded to the maximum length, as a SigLIP's are.
  package var isFilled: Bool { if case .filled = end { true } else { false } }

  /// The model types that can be read.
  package static let types = ["clip", "siglip"]

  /// Reads `config.json`; an absent key has the hub's default.
  init(_ reader: inout ConfigurationReader) throws(ConfigurationError) {
    kind = try reader.word("model_type", of: Self.types) == "siglip" ? .siglip : .clip
    // A reader loses what was taken from it.
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

/// Why a hub folder cannot be read as a CLIP or a SigLIP.
package enum ClipError: Error, Equatable, Sendable {
  /// The configuration belongs to an unsupported variant.
  case configuration(path: String, ConfigurationError)
  /// A file is missing, cannot be read, or does not fit the configuration.
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
        + "pytorch_model.bin, whole or in shards), tokenizer.json (or vocab.json and merges.txt, or spiece.model) and, where its pictures are not "
        + "prepared in the usual way, preprocessor_config.json"
    case .hub(let error): "\(error)"
    }
  }
}
