internal import Preparation
import Bytes
import Inputs
package import Models
import Tensors

/// Encodes one post as scoring does, for those who want its vectors and nothing else.
package enum PostEncoder {
  /// A post's vectors and probabilities.
  ///
  /// - Parameters:
  ///   - text: the post's text, prepared as the model's folder says; empty for a post of a picture alone.
  ///   - image: the picture file's path, anywhere; `nil` for a post without one.
  ///   - folder: the model.
  ///   - precision: what the model is computed in.
  ///   - options: a scorer's options, as the store keeps them: how pictures are decoded.
  /// - Returns: the vectors, the picture's only if there is one.
  /// - Throws: a picture that cannot be read, a precision that this processor lacks, options of another version.
  package static func encode(
    text: String, image: String?, with folder: ModelFolder, precision: Precision, options: String
  ) throws -> PostScores {
    guard let decoding = decoding(of: options) else { throw ScoringError.unknownOptions(options) }
    let limits = PictureLimits()
    let reader = try InputReader(folder: folder, limits: limits, decoding: decoding)
    var inputs = reader.words(text: text, knowledge: "").inputs
    inputs.pixels =
      try image.map { image in
        // The folder is the file's own, links followed: a person chose the file.
        let path = image.hasPrefix("/") ? image : "./" + image
        let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = try PictureFolder(root: cut == path.startIndex ? "/" : String(path[..<cut]), limits: limits)
        return try reader.pixels(of: folder.load(String(path[path.utf8.index(after: cut)...])))
      } ?? nil
    let classifier = try PostClassifier(folder: folder, precision: precision)
    OneDNN.useOneThread()
    guard let scores = try classifier([inputs], using: classifier.makeWorkspace()).first else {
      preconditionFailure("One post has one answer.")
    }
    return scores
  }

  private static func decoding(of options: String) -> PictureDecoding? {
    PictureDecoding.allCases.first { decoding in
      var own = ScoringOptions(threads: 1, spaces: [])
      own.decoding = decoding
      return own.scorerJSON.hasSameBytes(as: options)
    }
  }
}
