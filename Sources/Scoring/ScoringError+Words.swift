import Bytes

extension ScoringError: CustomStringConvertible {
  /// What is wrong, and what mends it.
  public var description: String {
    switch self {
    case .unreadableVocabulary(let path, let reason):
      "\(path.printable) cannot be read: \(reason). Copy the file again from the model it belongs to."
    case .noThreads(let wanted):
      "the system does not let this process start \(wanted) threads. Raise the limit (ulimit -u), or give a smaller --threads."
    case .vocabularyTooLong(let path, let pieces, let rows):
      "\(path.printable) has \(pieces) pieces, and the model has vectors for \(rows). Use the file that came with the model."
    case .tokenizer(let path, let fault): "\(path.printable): \(fault)."
    case .lexiconNeedsWordPieces(let path):
      "\(path.printable) is for word pieces, and this model's tokenizer makes subwords; leave the lexicon out."
    case .unknownOptions(let options):
      "the store's scorer has options that this clfa does not know (\(options.printable)). Use a newer clfa."
    case .corpusChanged(let run, let file, let change):
      "\(file.printable) is not what run \(run.printable) began with: \(Self.words(change)). Go on with the file as it was, or score it as a "
        + "run of its own with --run NAME; posts that did not change cost nothing."
    }
  }

  private static func words(_ change: CorpusChange) -> String {
    switch change {
    case .otherKey(let record): "record \(record) has another key"
    case .otherContent(let record): "record \(record) has other content"
    case .fewerRecords(let found, let expected):
      "it ends after \(found) record\(found == 1 ? "" : "s"), and the run has read \(expected)"
    }
  }
}
