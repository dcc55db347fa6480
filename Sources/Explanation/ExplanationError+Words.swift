import Bytes

extension ExplanationError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .otherModel(let path, let fingerprint, let scorer, let scorerFingerprint):
      "the model in \(path.printable) (\(fingerprint.prefix(12))) is not the one that scored the post, "
        + "\(scorer.printable) (\(scorerFingerprint.prefix(12))); name that one's folder with --model, or the run of the "
        + "other with --run"
    case .model(let error): "\(error)"
    case .missingTensor(let path, let name):
      "\(path.printable) has no numbers for \(name.printable); copy the model's folder again"
    case .notFinite: "the model's answer to this post is not a number; nothing can be explained with these weights"
    case .interrupted: "interrupted"
    }
  }
}
