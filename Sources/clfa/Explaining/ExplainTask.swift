internal import Tensors
internal import Preparation
import Bytes
import Explanation
import Foundation
import Inputs
import Models
import Reporting
import Results
import Scoring

/// A scorer's model, loaded once, that computes posts of that scorer again; their pictures are looked for.
struct ExplainTask {
  private let reader: InputReader
  private let names: PieceNames
  private let explainer: Explainer
  private let features: FeatureLookup
  /// The folder of pictures that was asked for.
  private let images: String?

  /// Pictures as large as anybody may have allowed when they were scored.
  private static let limits = PictureLimits(pixels: 200_000_000, bytes: 512 << 20)

  /// Loads the model of `folder`, whose fingerprint must be the scorer's; `images` and `features` are the folders of
  /// pictures and of files of features. For nil pictures lie where the run had them, and features where pictures do;
  /// for a nil `precision` the scorer's is taken.
  init(
    folder: ModelFolder, scorer: ScoredPost.ScorerInfo, precision: Precision? = nil, images: String?, features: String?
  ) throws {
    reader = try InputReader(
      folder: folder, limits: Self.limits,
      decoding: scorer.decoding.flatMap(PictureDecoding.init(rawValue:)) ?? .scaled)
    names = try Self.names(folder)
    explainer = try Interrupt.exitingImmediately {
      try Explainer(folder: folder, precision: precision ?? Self.precision(folder, scorer))
    }
    self.images = images
    self.features = FeatureLookup(streams: folder.configuration.features, folder: features ?? images)
  }

  /// Computes a post again; without its picture or its features, it is only told what the store has.
  func explained(_ post: ScoredPost, _ shouldStop: @escaping @Sendable () -> Bool) throws -> ExplainedPost {
    guard post.pictureHash != nil else { return try explained(post, .none, nil, shouldStop) }
    do {
      let file = try picture(of: post)
      let whole = try file.decoded(limits: Self.limits)
      return try explained(post, .picture(whole), file, shouldStop)
    } catch let error as PictureFolderError {
      return lacking(post, "\(error)")
    } catch let error as PictureFileError {
      return lacking(post, "\(error.path.printable): \(error.detail)")
    } catch let error as MissingPictureError {
      return lacking(post, "\(error)")
    }
  }

  private func picture(of post: ScoredPost) throws -> PictureFile {
    guard let path = post.image else { throw MissingPictureError.noPath }
    guard let root = images ?? post.images else { throw MissingPictureError.noFolder(path: path) }
    let file = try PictureFolder(root: root, limits: Self.limits).load(path)
    guard file.sha256.hexadecimal.hasSameBytes(as: post.pictureHash ?? "") else {
      throw MissingPictureError.changed(path: path, folder: root)
    }
    return file
  }

  private func lacking(_ post: ScoredPost, _ reason: String) -> ExplainedPost {
    let copy = post.thumbnail.flatMap { try? PictureDecoder.decode($0, limits: Self.limits) }
    return ExplainedPost(
      post: post, sight: copy.map { .thumbnail($0, reason: reason) } ?? .lacking(reason: reason), explanation: nil)
  }

  private func explained(
    _ post: ScoredPost, _ sight: ExplainedPost.PictureStatus, _ file: PictureFile?,
    _ shouldStop: @escaping @Sendable () -> Bool
  ) throws -> ExplainedPost {
    let rows: [FeatureRows?]
    do {
      rows = try features.rows(of: post)
    } catch {
      return ExplainedPost(post: post, sight: sight, explanation: nil, lackingFeatures: "\(error)")
    }
    return ExplainedPost(post: post, sight: sight, explanation: try explanation(post, file, rows, shouldStop))
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

  /// The scorer's own, so that the answer is the stored one; else f32. A quantised model has int8 only.
  private static func precision(_ folder: ModelFolder, _ scorer: ScoredPost.ScorerInfo) -> Precision {
    if folder.isQuantised { return .int8 }
    guard let own = Precision(rawValue: scorer.precision), own.isSupported else { return .f32 }
    return own
  }

  /// The model's pieces by their ids, as its kind of vocabulary writes them.
  private static func names(_ folder: ModelFolder) throws -> PieceNames {
    let limit = max(Vocabulary.byteLimit, SubwordTokenizer.byteLimit)
    let bytes = try InputReader.contents(of: folder.vocabularyPath, limit: limit)
    return folder.configuration.tokenizer.kind == .subword ? PieceNames(json: bytes) : PieceNames(bytes: bytes)
  }
}

/// Why a post's picture is not looked for, or not taken.
enum MissingPictureError: Error, CustomStringConvertible {
  /// The store has no path.
  case noPath
  /// The run does not say where its pictures lay.
  case noFolder(path: String)
  /// The file is another one by now.
  case changed(path: String, folder: String)

  var description: String {
    switch self {
    case .noPath: "the store has no path for the picture"
    case .noFolder(let path):
      "the run names no folder of pictures to find \(path.printable) in; name it with --images"
    case .changed(let path, let folder):
      "\(path.printable) in \(folder.printable) is not the picture that was scored; name the folder that has it with --images"
    }
  }
}

extension ExplainedPost {
  /// What is to be known beside the numbers.
  var notices: [String] {
    var notices: [String] = []
    if post.versions > 1 {
      notices.append(
        "\(post.versions) posts of run \(post.run) have the key \(post.key); this is the last, \(post.file):\(post.line)"
      )
    }
    switch sight {
    case .lacking(let reason), .thumbnail(_, let reason):
      notices.append(
        "\(reason); without its picture the post cannot be computed again, so only the stored values are shown")
    case .none, .picture: break
    }
    if let reason = lackingFeatures {
      notices.append(
        "\(reason); without its features the post cannot be computed again, so only the stored values are shown")
    }
    guard let explanation, let difference = largestDifference else { return notices }
    if explanation.learntWithoutPicture == false, explanation.occlusions.contains(where: { $0.part == .picture }) {
      notices.append(
        "\(post.scorer.modelName) never learnt from a post without a picture; its prediction without this one means little"
      )
    }
    if isOtherPrecision {
      notices.append(
        "computed in \(explanation.precision.rawValue); the stored values were computed in \(post.scorer.precision)"
          + (Precision(rawValue: post.scorer.precision)?.isSupported == true
            ? "" : ", which this processor has no instructions for"))
    }
    if difference > 0 {
      notices.append(
        "probabilities differ from the stored ones by up to \(difference)"
          + (isOtherPrecision ? "" : "; they were computed on another machine"))
    }
    return notices
  }
}
