internal import Evaluation
package import Inputs
package import Models
internal import Preparation
package import Tensors

/// A hub's BERT as an encoder of texts: the last layer's tokens, pooled, and a projection behind them, if there is one.
package struct SentenceTower: TextTower {
  private let reader: InputReader
  private let encoder: SentenceEncoder
  private let projection: LinearProjection?
  /// Whether the pooled vector is brought to length 1 before it is projected.
  private let isUnitBefore: Bool
  /// Whether the result is brought to length 1.
  private let isUnitAfter: Bool
  private let mode: SentencePooling.Mode
  package let identity: [UInt8]

  /// Reads a folder with what sentence-transformers put there behind the tokens, such as a projection into a CLIP's space.
  ///
  /// - Parameters:
  ///   - folder: the folder, or that of a LoRA adapter.
  ///   - base: the model's folder if `folder` is an adapter's; it says what comes behind the tokens.
  ///   - isUnit: whether vectors are brought to length 1 whatever the folder says.
  ///   - isPretokenized: whether the words of texts are separated by blanks.
  /// - Throws: `HubError`; any error of reading the vocabulary; `TeachingError.otherProjection`.
  package init(
    folder: String, base: String? = nil, isUnit: Bool = false, isPretokenized: Bool = false
  ) throws {
    let pooling = try SentencePooling.load(base ?? folder)
    try self.init(
      folder: folder, base: base, pooling: pooling, projection: pooling.projection,
      isUnitBefore: pooling.isUnitBefore, isUnitAfter: pooling.isUnitAfter || isUnit,
      files: SentencePooling.files(of: base ?? folder), isPretokenized: isPretokenized)
  }

  /// Reads a folder, and takes another projection, of the mean at length 1; none for the mean itself.
  package init(folder: String, head: LinearProjection?, isPretokenized: Bool = false) throws {
    try self.init(
      folder: folder, base: nil, pooling: nil, projection: head, isUnitBefore: true, isUnitAfter: false, files: [],
      isPretokenized: isPretokenized)
  }

  private init(
    folder: String, base: String?, pooling: SentencePooling?, projection: LinearProjection?, isUnitBefore: Bool,
    isUnitAfter: Bool, files: [String], isPretokenized: Bool
  ) throws {
    let hub = try HubTextEncoder.load(folder, base: base, isPretokenized: isPretokenized)
    var configuration = ModelConfiguration(labelNames: [])
    configuration.text = hub.configuration
    configuration.knowledge = false
    configuration.tokenizer = hub.tokenizer
    configuration.tokenizer.maxText = min(hub.configuration.maxPositions, pooling?.maxPieces ?? .max)
    if pooling?.lowercases == true, hub.tokenizer.kind == .subword || !hub.tokenizer.lowercase {
      throw TeachingError.lowercases(path: folder)
    }
    reader = try InputReader(
      configuration: configuration, vocabularyPath: hub.vocabularyPath, limits: PictureLimits(), decoding: .exact)
    mode = pooling?.mode ?? .mean
    encoder = try SentenceEncoder(hub, mode: mode)
    (self.projection, self.isUnitBefore, self.isUnitAfter) = (projection, isUnitBefore, isUnitAfter)
    if let projection, projection.inputs != encoder.configuration.hiddenSize {
      throw TeachingError.otherProjection(
        path: folder, encoder: encoder.configuration.hiddenSize, projection: projection.inputs)
    }
    let numbers =
      (projection.map { ($0.weight + $0.bias).map(\.bitPattern).description } ?? "")
      + (isPretokenized ? " pretokenized" : "")
    let model = base ?? folder
    identity = TeacherIdentity.hash(
      of: HubTextEncoder.files(of: model) + files, in: model, adapter: base == nil ? nil : folder, numbers)
  }

  package var width: Int { projection?.outputs ?? encoder.configuration.hiddenSize }

  package var remark: String {
    (mode == .mean ? "mean of the last layer's tokens" : "\(mode.rawValue) of the last layer's tokens")
      + (projection == nil ? "" : ", projected")
  }

  package var textsTogether: Int { encoder.sentencesTogether }

  package func pieces(of text: String) -> TokenizedText { reader.words(text: text, knowledge: "").text }

  package func vectors(ofTexts pieces: [[Int32]], using workspace: Workspace) throws -> [[Float]] {
    let pooled = try encoder.pooled(pieces, using: workspace)
    let vectors = isUnitBefore ? pooled.map(UnitVector.orSame) : pooled
    let projected = projection.map { projection in vectors.map { projection($0) } } ?? vectors
    return isUnitAfter ? projected.map(UnitVector.orSame) : projected
  }
}

/// A hub's ViT as an encoder of pictures: its class token and the mean of its patches, at length 1 together, and a
/// projection behind them, if there is one.
package struct VisionTower: PictureTower {
  private let preprocessing: PicturePreprocessing
  private let encoder: PictureEncoder
  private let projection: LinearProjection?
  private let decoding: PictureDecoding
  private let limits: PictureLimits
  package let identity: [UInt8]

  /// Reads a folder; `head` is what projects its vectors.
  ///
  /// - Throws: `HubError`; `ModelError`; `TeachingError.notAFolder`, `otherProjection`.
  package init(
    folder: String, head: LinearProjection? = nil, decoding: PictureDecoding, limits: PictureLimits
  ) throws {
    if folder.utf8.suffix(4).elementsEqual(".npz".utf8) { throw TeachingError.notAFolder(path: folder) }
    let hub = try HubImageEncoder.load(folder)
    var settings = hub.preprocessing ?? Preprocessing()
    settings.size = hub.configuration.size
    preprocessing = try PicturePreprocessing(settings, size: settings.size)
    encoder = try PictureEncoder(hub, path: folder)
    (projection, self.decoding, self.limits) = (head, decoding, limits)
    if let head, head.inputs != encoder.width {
      throw TeachingError.otherProjection(path: folder, encoder: encoder.width, projection: head.inputs)
    }
    let numbers = head.map { ($0.weight + $0.bias).map(\.bitPattern).description } ?? ""
    identity = TeacherIdentity.hash(
      of: HubImageEncoder.files(of: folder), in: folder, " \(decoding.rawValue)\(limits.identity) \(numbers)")
  }

  package var width: Int { projection?.outputs ?? encoder.width }

  package var remark: String { "class token and mean of the patches" + (projection == nil ? "" : ", projected") }

  package var picturesTogether: Int { encoder.picturesTogether }

  package func pixels(of file: PictureFile) throws(PictureFileError) -> (numbers: [Float], isCut: Bool) {
    let square = try preprocessing.square(file, decoding, limits: limits)
    return (preprocessing.numbers(of: square.pixels), square.isCut)
  }

  package func vectors(ofPictures pixels: [[Float]], using workspace: Workspace) throws -> [[Float]] {
    let vectors = try encoder(pixels, using: workspace)
    return projection.map { projection in vectors.map { projection(UnitVector.orSame($0)) } } ?? vectors
  }
}
