/// What keeps a run from beginning, or ends it.
public enum ScoringError: Error, Equatable, Sendable {
  /// The model's vocabulary cannot be read.
  case unreadableVocabulary(path: String)
  /// The vocabulary has more pieces than the model has word vectors.
  case vocabularyTooLong(path: String, pieces: Int, rows: Int)
  /// The corpus is another one than the run began with.
  case corpusChanged(run: String, file: String, record: Int)
}
