internal import Bytes
package import Inputs
internal import Models
package import Preparation

extension PairTeacher {
  /// Whether a folder encodes texts and picture files: a CLIP, a SigLIP, or heads that `clfa teach --learn` wrote.
  ///
  /// - Throws: `TeachingError.unsupportedTeacher` for a model of both that is not read here.
  package static func reads(_ folder: String) throws(TeachingError) -> Bool {
    try ClipTeacher.reads(folder) || isHeads(folder)
  }

  /// Reads one folder for both sides, or one for each.
  ///
  /// - Parameters:
  ///   - texts: the folder of a CLIP, a SigLIP, heads, or of a BERT whose vectors lie in the space of `pictures`.
  ///   - pictures: the folder of a CLIP, a SigLIP or heads; it may be the same.
  ///   - bases: the models' folders where those are LoRA adapters'.
  ///   - folders: where pictures are.
  ///   - decoding: how picture files become pixels.
  ///   - limits: what a picture may be.
  ///   - isPretokenized: whether the words of texts are separated by blanks; for a BERT.
  /// - Throws: any error of reading a folder; `TeachingError`.
  package init(
    texts: String, pictures: String, bases: (texts: String?, pictures: String?) = (nil, nil), folders: PictureFolders,
    decoding: PictureDecoding, limits: PictureLimits, isPretokenized: Bool = false
  ) throws {
    if ByteText(texts) == ByteText(pictures), try ClipTeacher.reads(bases.texts ?? texts) {
      if isPretokenized { throw HubTokenizer.notPretokenized(texts) }
      let clip = try ClipTeacher(folder: texts, base: bases.texts, decoding: decoding, limits: limits)
      try self.init(texts: clip, pictures: clip, folders: folders)
      return
    }
    try self.init(
      texts: try Self.textTower(texts, bases.texts, decoding, limits, isPretokenized: isPretokenized),
      pictures: try Self.pictureTower(pictures, bases.pictures, decoding, limits),
      folders: folders)
  }

  private static func isHeads(_ folder: String) -> Bool {
    ClipEncoder.modelType(of: folder).map { ByteText($0) } == ByteText(ProjectionHeads.modelType)
  }

  private static func textTower(
    _ folder: String, _ base: String?, _ decoding: PictureDecoding, _ limits: PictureLimits, isPretokenized: Bool
  ) throws -> any TextTower {
    if try ClipTeacher.reads(base ?? folder) {
      if isPretokenized { throw HubTokenizer.notPretokenized(folder) }
      return try ClipTeacher(folder: folder, base: base, decoding: decoding, limits: limits)
    }
    guard isHeads(folder) else { return try SentenceTower(folder: folder, base: base, isPretokenized: isPretokenized) }
    return try SentenceTower(
      folder: ProjectionHeads.textFolder(of: folder), head: try ProjectionHeads.load(folder).text,
      isPretokenized: isPretokenized)
  }

  private static func pictureTower(
    _ folder: String, _ base: String?, _ decoding: PictureDecoding, _ limits: PictureLimits
  ) throws -> any PictureTower {
    if try ClipTeacher.reads(base ?? folder) {
      return try ClipTeacher(folder: folder, base: base, decoding: decoding, limits: limits)
    }
    guard isHeads(folder) else { throw TeachingError.unprojectedPictures(path: folder) }
    return try VisionTower(
      folder: ProjectionHeads.imageFolder(of: folder), head: try ProjectionHeads.load(folder).image,
      decoding: decoding, limits: limits)
  }
}
