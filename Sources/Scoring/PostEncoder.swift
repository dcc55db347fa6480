internal import Preparation
import Bytes
import Inputs
package import Models
import Tensors

/// Encodes one post in the same way as scoring, for callers that only need its vectors.
package enum PostEncoder {
  /// A post's vectors and probabilities.
  ///
  /// - Parameters:
  ///   - text: the post's text, normalised as the model requires; empty for a post with only a picture.
  ///   - image: the picture file's path, anywhere; `nil` for a post without one.
  ///   - folder: the model.
  ///   - precision: the model's precision.
  ///   - options: a scorer's options as stored, which say how pictures are decoded.
  /// - Returns: the vectors; a picture vector only if there is a picture.
  /// - Throws: errors for a picture that cannot be read, a precision that this processor lacks, or options of another
  ///   version.
  package static func encode(
    text: String, image: String?, with folder: ModelFolder, precision: Precision, options: String
  ) throws -> PostScores {
    guard let decoding = decoding(of: options) else { throw ScoringError.unknownOptions(options) }
    let limits = PictureLimits()
    let reader = try InputReader(folder: folder, limits: limits, decoding: decoding)
    var inputs = reader.words(text: text, knowledge: "").inputs
    inputs.pixels =
      try image.map { image in
        // The folder is the file's own, with links followed, because the user chose the file.
        let path = image.hasPrefix("/") ? image : "./" + image
        let cut = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
        let folder = try PictureFolder(
          roots: [cut == path.startIndex ? "/" : String(path[..<cut])], match: nil, limits: limits)
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
