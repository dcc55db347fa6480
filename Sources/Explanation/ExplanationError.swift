public import Models

/// Why a post is not explained: facts only, their words are in `ExplanationError+Words.swift`.
public enum ExplanationError: Error, Equatable, Sendable {
  /// The model in hand is not the one that the store's numbers are of.
  case otherModel(path: String, fingerprint: String, scorer: String, scorerFingerprint: String)
  /// The model cannot be computed, or not with this post.
  case model(ModelError)
  /// The model's file lost a tensor that it had when it was opened.
  case missingTensor(path: String, name: String)
  /// The model's answer is not a number.
  case notFinite
  /// The caller asked to stop.
  case interrupted
}

extension ModelFolder {
  /// The numbers of a tensor that every model of this configuration has.
  func numbers(_ name: String) throws(ExplanationError) -> [Float] {
    guard let numbers = matrix(name) else { throw .missingTensor(path: path, name: name) }
    return numbers
  }

  /// Refuses a folder whose scores would not be the store's.
  ///
  /// - Parameters:
  ///   - scorer: the name of the model that the store's numbers are of.
  ///   - fingerprint: that model's fingerprint.
  /// - Throws: `otherModel`.
  public func check(isScorer scorer: String, fingerprint: String) throws(ExplanationError) {
    guard self.fingerprint.utf8.elementsEqual(fingerprint.utf8) else {
      throw .otherModel(
        path: path, fingerprint: self.fingerprint, scorer: scorer, scorerFingerprint: fingerprint)
    }
  }
}
