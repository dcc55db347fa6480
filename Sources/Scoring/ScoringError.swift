public import Inputs

/// What keeps a run from beginning, or ends it.
public enum ScoringError: Error, Equatable, Sendable {
  /// The model's vocabulary cannot be read.
  case unreadableVocabulary(path: String, reason: String)
  /// The system does not give as many threads.
  case noThreads(wanted: Int)
  /// The vocabulary has more pieces than the model has word vectors.
  case vocabularyTooLong(path: String, pieces: Int, rows: Int)
  /// The model's tokenizer file cannot be used.
  case tokenizer(path: String, TokenizerFault)
  /// A lexicon beside a tokenizer whose words it does not know.
  case lexiconNeedsWordPieces(path: String)
  /// A scorer has options that this version does not know.
  case unknownOptions(String)
  /// The corpus is another one than the run began with.
  case corpusChanged(run: String, file: String, change: CorpusChange)

  /// How a file differs from the one that a run began with.
  public enum CorpusChange: Equatable, Sendable {
    /// A record that the run has is now under another key.
    case otherKey(record: Int)
    /// A record that the run has now has another text or knowledge, or cannot be read any more.
    case otherContent(record: Int)
    /// The file ends before records that the run has.
    case fewerRecords(found: Int, expected: Int)
  }
}
