import Bytes
public import Tensors

/// A hub's CLIP or SigLIP: texts and pictures become vectors in one space.
///
/// An immutable value, shared by all workers. A vector has the same bits in any company.
public struct ClipEncoder: Sendable {
  /// The sizes.
  public let configuration: ClipConfiguration
  /// How a picture becomes numbers.
  public let preprocessing: Preprocessing
  /// Where the file is that says how a text becomes pieces.
  public let tokenizerPath: String
  private let texts: ClipTextTower
  private let pictures: ClipImageTower

  /// The files of a hub's folder that vectors follow from.
  package static func files(of folder: String) -> [String] {
    ["config.json", "tokenizer.json", "preprocessor_config.json"] + HubFolder.weightFiles(of: folder)
  }

  /// Reads a folder and packs its weights, for products in f32.
  public init(folder path: String) throws(ClipError) {
    let folder = HubFolder(path: path)
    let configuration = try Self.read("config.json", of: folder) { (reader) throws(ConfigurationFault) in
      try ClipConfiguration(&reader)
    }
    guard let configuration else { throw .hub(.missing(path: folder.file("config.json"))) }
    do throws(ConfigurationFault) {
      for need in [configuration.textNeed, configuration.pictureNeed] { try ModelConfiguration.check(need) }
    } catch {
      throw .configuration(path: folder.file("config.json"), error)
    }
    let size = configuration.imageSize
    let preprocessing = try Self.read("preprocessor_config.json", of: folder, isOptional: true) {
      (reader) throws(ConfigurationFault) in try Self.preprocessing(&reader, size, configuration.kind)
    }
    self.configuration = configuration
    do throws(ConfigurationFault) {
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
      func asItIs(_ tensor: ModelConfiguration.TensorShape) -> TensorRecipe { .same([tensor.name], tensor.shape) }
      words = try HubTensors(file, configuration.text.tensors) { kind.recipe(parts($0), $0.shape) }
      wordsHead = try HubTensors(file, ClipTextTower.head(configuration), recipe: asItIs)
      seen = try HubTensors(file, image.tensors) { kind.recipe(parts($0), $0.shape, image, trained: image) }
      seenHead = try HubTensors(file, ClipImageTower.head(configuration), recipe: asItIs)
    } catch {
      throw .hub(error)
    }
    do throws(ModelError) {
      texts = try ClipTextTower(words, head: wordsHead, configuration)
      pictures = try ClipImageTower(seen, head: seenHead, configuration)
    } catch {
      throw .hub(HubError(error))
    }
  }

  /// Reads how pictures become numbers: a square of the model's own size, for its table of positions is of that one.
  private static func preprocessing(
    _ reader: inout ConfigurationReader, _ size: Int, _ kind: HubTwinKind
  ) throws(ConfigurationFault) -> Preprocessing {
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
    _ body: (inout ConfigurationReader) throws(ConfigurationFault) -> Value
  ) throws(ClipError) -> Value? {
    do throws(HubError) {
      return try folder.read(name, isOptional: isOptional, body)
    } catch .configuration(let path, let fault) {
      throw .configuration(path: path, fault)
    } catch {
      throw .hub(error)
    }
  }

  /// What a hub's folder says its model is; nil where there is no saying.
  public static func modelType(of folder: String) -> String? {
    let type = try? HubFolder(path: folder).read("config.json") { (reader) throws(ConfigurationFault) in
      try reader.string("model_type")
    }
    return type ?? nil
  }

  /// Whether a text of these pieces, as the tokenizer makes them of nothing, is pooled at its last one.
  public func endsRightly(_ pieces: [Int32]) -> Bool {
    switch configuration.end {
    case .piece(let id): pieces.last == id
    case .filled: true
    case .greatest: pieces.last == pieces.max()
    }
  }

  /// A workspace for one worker thread, which first says `OneDNN.useOneThread()`.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// The vectors of texts, given by their pieces, both ends included; not of unit length yet.
  ///
  /// The error is about pieces that the encoder can't take, or about memory.
  public func vectors(
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
  public func vectors(
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
