import Bytes
package import Models

/// Why a post cannot be explained.
package enum ExplanationError: Error, Equatable, Sendable {
  /// The model is not the one that made the stored predictions.
  case otherModel(path: String, fingerprint: String, scorer: String, scorerFingerprint: String)
  /// The model cannot be computed, or not for this post.
  case model(ModelError)
  /// The model's output is not finite.
  case notFinite
  /// The caller asked to stop.
  case interrupted
}

extension ModelFolder {
  /// Rejects a folder whose model did not make the stored predictions.
  ///
  /// - Parameters:
  ///   - scorer: the name of the model that made them.
  ///   - fingerprint: that model's fingerprint.
  /// - Throws: `otherModel`.
  package func check(isScorer scorer: String, fingerprint: String) throws(ExplanationError) {
    guard ByteText(self.fingerprint) == ByteText(fingerprint) else {
      throw .otherModel(
        path: path, fingerprint: self.fingerprint, scorer: scorer, scorerFingerprint: fingerprint)
    }
  }
}

extension ExplanationError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String {
    switch self {
    case .otherModel(let path, let fingerprint, let scorer, let scorerFingerprint):
      "the model in \(path.printable) (\(fingerprint.prefix(12))) is not the one that scored the post, "
        + "\(scorer.printable) (\(scorerFingerprint.prefix(12)))"
    case .model(let error): "\(error)"
    case .notFinite:
      "the model's output for this post is not finite, so it cannot be explained; the weights are damaged"
    case .interrupted: "interrupted"
    }
  }
}
