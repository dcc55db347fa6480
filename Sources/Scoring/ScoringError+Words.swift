extension ScoringError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .unreadableVocabulary(let path):
      "\(path) cannot be read. Copy the file again from the model it belongs to."
    case .vocabularyTooLong(let path, let pieces, let rows):
      "\(path) has \(pieces) pieces, and the model has vectors for \(rows). Use the vocab.txt that came with the model."
    case .corpusChanged(let run, let file, let record):
      "\(file) is not what run \(run) began with: record \(record) has another key. Score it as a run of its own with "
        + "--run NAME; posts that did not change cost nothing."
    }
  }
}
