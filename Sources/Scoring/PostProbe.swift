internal import Preparation
import Bytes
package import Inputs
import Models
package import Store
import Tensors

/// A text, a picture or both: one post that is encoded as a run's posts were, to compare it with their vectors.
package struct PostProbe: Sendable {
  private let text: String?
  private let image: String?

  /// Creates a probe.
  ///
  /// - Parameters:
  ///   - text: the post's text, which the model normalises; nil for a post with only a picture.
  ///   - image: the picture file's path, anywhere; nil for a post without one.
  package init(text: String?, image: String?) { (self.text, self.image) = (text, image) }

  /// The space in which the post is compared if nobody chooses: of the one part that it has, or fused for both.
  package var defaultSpace: String { isFused ? "fused" : ownSpace }

  /// The space of the vector that is compared with those of a space: only the fused space combines text and picture; a
  /// text is compared with pictures by its own vector.
  package func space(comparedWith space: String) -> String {
    isFused || space == "fused" ? space : ownSpace
  }

  private var isFused: Bool { text != nil && image != nil }
  private var ownSpace: String { text == nil ? "image" : "text" }

  /// The vector of this post by a run's model, which is loaded for it.
  ///
  /// - Parameters:
  ///   - run: the run whose posts it is compared with.
  ///   - space: the space of their vectors.
  ///   - path: the folder of the run's model.
  ///   - notice: receives what makes the vector unreliable, before it is computed.
  /// - Returns: its numbers, all of them finite.
  /// - Throws: `PostProbeError`; errors for a folder that is not a model, a picture folder that cannot be opened, a
  ///   precision that this processor lacks, or options of another version.
  package func vector(
    for run: SearchedRun, space: String, model path: String, notice: (String) -> Void
  ) throws -> [Float] {
    let folder = try ModelFolder.load(path)
    guard folder.fingerprint == run.fingerprint else {
      throw PostProbeError.otherModel(
        path: folder.path, fingerprint: folder.fingerprint, run: run.name, model: run.model, wanted: run.fingerprint)
    }
    guard let precision = Precision(rawValue: run.precision) else {
      throw PostProbeError.unknownPrecision(run.precision)
    }
    if image == nil, folder.configuration.learntWithoutPicture == false, space == "fused" {
      notice(
        "the model \"\(folder.name.printable)\" was never trained on a post without a picture, so its fused vector of a text "
          + "alone is unreliable")
    }
    let wanted = self.space(comparedWith: space)
    let scores = try scores(of: folder, precision, options: run.options)
    guard let vector = scores.vectors.first(where: { $0.space == wanted })?.values, vector.allSatisfy(\.isFinite)
    else { throw PostProbeError.notFinite }
    return vector
  }

  /// The post's vectors and probabilities; a vector of the picture only if there is one.
  private func scores(of folder: ModelFolder, _ precision: Precision, options: String) throws -> PostScores {
    guard let decoding = Self.decoding(of: options) else { throw ScoringError.unknownOptions(options) }
    let limits = PictureLimits()
    let reader = try InputReader(folder: folder, limits: limits, decoding: decoding)
    var inputs = reader.words(text: text ?? "", knowledge: "").inputs
    if let image {
      // The folder is the file's own, with links followed, because the user chose the file.
      let path = image.hasPrefix("/") ? image : "./" + image
      let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
      let folder = try PictureFolder(root: cut == path.startIndex ? "/" : String(path[..<cut]), limits: limits)
      do {
        inputs.pixels = try reader.pixels(of: folder.load(String(path[path.utf8.index(after: cut)...])))
      } catch {
        throw PostProbeError.picture(path: image, error.problem)
      }
    }
    let classifier = try PostClassifier(folder: folder, precision: precision)
    OneDNN.useOneThread()
    guard let scores = try classifier([inputs], using: classifier.makeWorkspace()).first else {
      preconditionFailure("One post has one answer.")
    }
    return scores
  }

  /// The decoding of pictures in a scorer's stored options.
  private static func decoding(of options: String) -> PictureDecoding? {
    PictureDecoding.allCases.first { decoding in
      var own = ScoringOptions(threads: 1, spaces: [])
      own.decoding = decoding
      return ByteText(own.scorerJSON) == ByteText(options)
    }
  }
}

/// Why a text or a picture cannot be compared with a run's posts.
package enum PostProbeError: Error, Equatable, Sendable {
  /// The model is not the one that made the run's vectors.
  case otherModel(path: String, fingerprint: String, run: String, model: String, wanted: String)
  /// The run has a precision that this version does not know.
  case unknownPrecision(String)
  /// The model's output is not finite.
  case notFinite
  /// The picture cannot be used.
  case picture(path: String, PictureError)
}

extension PostProbeError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .otherModel(let path, let fingerprint, let run, let model, let wanted):
      """
      \(path.printable) is not the model of run \(run.printable): its fingerprint is \(fingerprint.prefix(16))…, but the \
      run was scored with \(model.printable), \(wanted.printable.prefix(16))…; vectors of two models cannot be compared
      """
    case .unknownPrecision(let name):
      "the run was scored in \(name.printable), which this clfa does not know: use a newer clfa"
    case .picture(let path, .missing): "\(path.printable): there is no such file"
    case .picture(let path, let problem): "\(path.printable): \(problem)"
    case .notFinite:
      "the model's output is not finite, so there is nothing to compare: check the model's weights"
    }
  }
}
