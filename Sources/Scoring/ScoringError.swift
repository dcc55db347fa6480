import Bytes

/// Why a run cannot begin, or ends early.
package enum ScoringError: Error, Equatable, Sendable {
  /// The system cannot start as many threads.
  case noThreads(wanted: Int)
  /// A scorer has options that this version does not know.
  case unknownOptions(String)
  /// The corpus is not the one with which the run began.
  case corpusChanged(run: String, file: String, change: CorpusChange)
  /// A corpus has this many more records than when the run was finished; fewer if negative.
  case finishedCorpusChanged(file: String, run: String, more: Int)
  /// The disk has too little space for the growth of the store, in bytes.
  case diskTooSmall(store: String, needed: Int, free: Int, hasVectors: Bool)
  /// The caller asked to stop before the run began.
  case interrupted

  /// How a file differs from the one with which a run began.
  package enum CorpusChange: Equatable, Sendable {
    /// A record of the run now has another key.
    case otherKey(record: Int)
    /// A record of the run now has another text or knowledge, or cannot be read any more.
    case otherContent(record: Int)
    /// The file ends before records of the run.
    case fewerRecords(found: Int, expected: Int)
  }
}

extension ScoringError: CustomStringConvertible {
  /// The message: the problem and how to fix it.
  package var description: String {
    switch self {
    case .noThreads(let wanted):
      "the system does not let this process start \(wanted) threads; use fewer"
    case .unknownOptions(let options):
      "the store's scorer has options that this clfa does not know (\(options.printable)); use a newer clfa"
    case .corpusChanged(let run, let file, let change):
      "\(file.printable) is not what run \(run.printable) began with: \(Self.words(change)). Continue with the file as it was, "
        + "or score it as a run of its own; posts that did not change cost nothing"
    case .finishedCorpusChanged(let file, let run, let more):
      "\(file.printable) has \(more.magnitude) \(more.magnitude == 1 ? "record" : "records") \(more > 0 ? "more" : "fewer") "
        + "than when run \(run.printable) was scored, so nothing was scored now"
    case .diskTooSmall(let store, let needed, let free, _):
      "\(store) would grow by about \(ByteCount.words(needed)), but only \(ByteCount.words(free)) are free there"
    case .interrupted: "interrupted"
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
