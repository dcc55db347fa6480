internal import Bytes
internal import Inputs
package import Models
internal import Preparation
package import Results
internal import Tensors

/// A scorer's model, loaded once, that computes posts of that scorer again and looks for their pictures.
package struct PostExplainer {
  private let reader: InputReader
  private let names: PieceNames
  private let explainer: Explainer
  private let features: FeatureLookup
  private let pictures: PictureLookup

  /// The largest pictures that may have been allowed when they were scored; a cut one that was scored had been accepted.
  private static let limits = PictureLimits(pixels: 200_000_000, bytes: 512 << 20, truncated: .accept)

  /// Loads the model of `folder`, whose fingerprint must be the scorer's; `images` and `features` are the folders of
  /// pictures and feature files. If nil, pictures are in the run's folder, and features in that of the pictures; a nil
  /// `precision` means the scorer's.
  package init(
    folder: ModelFolder, scorer: ScoredPost.ScorerInfo, precision: Precision? = nil, images: String?, features: String?
  ) throws {
    reader = try InputReader(
      folder: folder, limits: Self.limits,
      decoding: scorer.decoding.flatMap(PictureDecoding.init(rawValue:)) ?? .scaled)
    names = try Self.names(folder)
    explainer = try Explainer(folder: folder, precision: precision ?? Self.precision(folder, scorer))
    pictures = PictureLookup(folder: images, limits: Self.limits)
    self.features = FeatureLookup(streams: folder.configuration.features, folder: features ?? images)
  }

  /// Computes a post again; without its picture or its features, the result has only what the store contains. The picture
  /// is upright, and so are the maps of its patches, whether or not the model saw it so.
  package func explained(_ post: ScoredPost, _ shouldStop: @escaping @Sendable () -> Bool) throws -> ExplainedPost {
    guard post.pictureHash != nil else { return try explained(post, .none, nil, shouldStop) }
    do {
      let file = try pictures.picture(
        path: post.image, hash: post.pictureHash ?? "", folder: post.images, match: post.imageMatch)
      let whole = try file.decoded(limits: Self.limits)
      var result = try explained(post, .picture(whole.upright), file, shouldStop)
      if !reader.appliesOrientation { result.explanation = result.explanation?.upright(whole.orientation) }
      return result
    } catch let error as PictureFolderError {
      return lacking(post, "\(error)")
    } catch let error as PictureFileError {
      return lacking(post, "\(error.path.printable): \(error.detail)")
    } catch let error as MissingPictureError {
      return lacking(post, "\(error)")
    }
  }

  private func lacking(_ post: ScoredPost, _ reason: String) -> ExplainedPost {
    let copy = post.thumbnail.flatMap { try? PictureDecoder.decode($0, limits: Self.limits) }
    return ExplainedPost(
      post: post, pictureStatus: copy.map { .thumbnail($0, reason: reason) } ?? .lacking(reason: reason),
      explanation: nil)
  }

  private func explained(
    _ post: ScoredPost, _ pictureStatus: ExplainedPost.PictureStatus, _ file: PictureFile?,
    _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> ExplainedPost {
    let rows: [FeatureRows?]
    do {
      rows = try features.rows(
        scored: post.features.map { ($0.stream, $0.hash) }, cells: post.extra, folder: post.images)
    } catch {
      return ExplainedPost(post: post, pictureStatus: pictureStatus, explanation: nil, lackingFeatures: "\(error)")
    }
    return ExplainedPost(
      post: post, pictureStatus: pictureStatus, explanation: try explanation(post, file, rows, shouldStop))
  }

  private func explanation(
    _ post: ScoredPost, _ file: PictureFile?, _ features: [FeatureRows?],
    _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Explanation {
    var (inputs, words) = reader.spelled(text: post.text, knowledge: post.knowledge)
    inputs.features = features
    inputs.pixels = try reader.pixels(of: file)
    inputs.pictureIdentity = file?.sha256
    return try explainer(
      inputs, spelled: words, names: names, threads: ThreadCount.available, shouldStop: shouldStop)
  }

  /// The scorer's own, so that the prediction is the stored one; otherwise f32. A quantised model has only int8.
  private static func precision(_ folder: ModelFolder, _ scorer: ScoredPost.ScorerInfo) -> Precision {
    if folder.isQuantised { return .int8 }
    guard let own = Precision(rawValue: scorer.precision), own.isSupported else { return .f32 }
    return own
  }

  /// The model's pieces by their ids, as its kind of vocabulary writes them.
  private static func names(_ folder: ModelFolder) throws -> PieceNames {
    let limit = max(Vocabulary.byteLimit, SubwordTokenizer.byteLimit)
    let bytes = try InputReader.contents(of: folder.vocabularyPath, limit: limit)
    let settings = folder.configuration.tokenizer
    let names = settings.kind == .wordPiece ? PieceNames(bytes: bytes) : PieceNames(json: bytes)
    return names.with(WordPieceSettings(settings).addedTokens ?? [])
  }
}
