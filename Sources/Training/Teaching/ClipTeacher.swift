package import Inputs
internal import Models
internal import Preparation
package import Tensors

/// A CLIP or a SigLIP: one space for texts and pictures.
package struct ClipTeacher: TextTower, PictureTower {
  private let tokenizer: SubwordTokenizer
  private let preprocessing: PicturePreprocessing
  private let encoder: ClipEncoder
  private let decoding: PictureDecoding
  private let limits: PictureLimits
  package let identity: [UInt8]

  /// Types of models of texts and pictures that are not supported as teachers.
  private static let others = [
    "align", "altclip", "blip", "blip-2", "chinese_clip", "clip_text_model", "clip_vision_model", "clipseg", "flava",
    "metaclip_2", "siglip2", "siglip_text_model", "siglip_vision_model", "xclip",
  ]

  /// Whether a hub folder is a CLIP's or a SigLIP's; false if the folder does not say.
  ///
  /// - Throws: `TeachingError.unsupportedTeacher` for a related model that is not supported.
  package static func reads(_ folder: String) throws(TeachingError) -> Bool {
    guard let type = ClipEncoder.modelType(of: folder) else { return false }
    if others.contains(type) { throw .unsupportedTeacher(path: "\(folder)/config.json", type: type) }
    return ClipConfiguration.types.contains(type)
  }

  /// Reads a hub's folder.
  ///
  /// - Parameters:
  ///   - folder: config.json, weights, the files of the tokenizer, preprocessor_config.json.
  ///   - base: the model's folder if `folder` is that of a LoRA adapter.
  ///   - decoding: how picture files become pixels.
  ///   - limits: what a picture may be.
  /// - Throws: `ClipError`; any error of the tokenizer; `TeachingError.otherEnd`.
  package init(folder: String, base: String? = nil, decoding: PictureDecoding, limits: PictureLimits) throws {
    encoder = try ClipEncoder(folder: folder, base: base)
    let tokenizerPath = try encoder.tokenizerPath()
    tokenizer = try InputReader.subwords(at: tokenizerPath, rows: encoder.configuration.vocabularySize)
    guard encoder.hasExpectedEnd(tokenizer.encode("", limit: 2).ids) else {
      throw TeachingError.otherEnd(path: tokenizerPath)
    }
    preprocessing = try PicturePreprocessing(encoder.preprocessing, size: encoder.configuration.imageSize)
    (self.decoding, self.limits) = (decoding, limits)
    let model = base ?? folder
    identity = TeacherIdentity.hash(
      of: ClipEncoder.files(of: model), in: model, adapter: base == nil ? nil : folder,
      " \(decoding.rawValue)\(limits.identity)")
  }

  package var width: Int { encoder.configuration.dim }

  package var remark: String { encoder.configuration.isFilled ? "pooled by SigLIP" : "projected by CLIP" }

  package var textsTogether: Int { encoder.configuration.textsTogether }

  package var picturesTogether: Int { encoder.configuration.picturesTogether }

  package func pieces(of text: String) -> TokenizedText {
    tokenizer.encode(text, limit: encoder.configuration.maxPieces)
  }

  package func vectors(ofTexts pieces: [[Int32]], using workspace: Workspace) throws -> [[Float]] {
    try encoder.vectors(ofTexts: pieces, using: workspace)
  }

  package func pixels(of file: PictureFile) throws(PictureFileError) -> (numbers: [Float], isCut: Bool) {
    let square = try preprocessing.square(file, decoding, limits: limits)
    return (preprocessing.numbers(of: square.pixels), square.isCut)
  }

  package func vectors(ofPictures pixels: [[Float]], using workspace: Workspace) throws -> [[Float]] {
    try encoder.vectors(ofPictures: pixels, using: workspace)
  }
}
