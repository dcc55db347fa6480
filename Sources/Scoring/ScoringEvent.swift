public import Corpus

/// What happens while a run goes on, for whoever shows it.
public enum ScoringEvent: Sendable {
  /// The first row is about to be read.
  case started
  /// A row was lost.
  case fault(RowFault)
  /// Something looks wrong with the corpus, once each.
  case notice(String)
  /// Rows were committed, or a moment passed.
  case progress(ScoringProgress)
}

/// How far a run has come.
public struct ScoringProgress: Sendable, Equatable {
  /// Rows that this turn put in the ledger as scored.
  public var scored = 0
  /// Rows that this turn put in the ledger as scored without a picture.
  public var withoutPicture = 0
  /// Rows that this turn put in the ledger as repeated.
  public var duplicates = 0
  /// Rows that this turn put in the ledger as faulted.
  public var faulted = 0
  /// Posts among them that the scorer knew before.
  public var known = 0
  /// Posts among them whose key had stood for other content.
  public var newVersions = 0
  /// Rows read, those left to other shards or the sample included.
  public var read = 0
  /// Seconds since the first row was read.
  public var seconds = 0.0
  /// The share of the corpus' bytes that is read; `nil` where its size is unknown.
  public var share: Double?

  /// Creates an account of nothing.
  public init() {}

  /// Rows put in the ledger.
  public var rows: Int { scored + withoutPicture + duplicates + faulted }
  /// Rows a second.
  public var rate: Double { seconds > 0 ? Double(rows) / seconds : 0 }
  /// Seconds to the end at the present rate; `nil` where it cannot be told.
  public var remaining: Double? {
    guard let share, share > 0.001, seconds > 1 else { return nil }
    return seconds * (1 - share) / share
  }
}

/// How a run ended.
public enum ScoringEnd: Sendable, Equatable {
  /// Every row has an entry.
  case finished
  /// A signal ended it; the same command goes on.
  case interrupted
  /// `--stop-after` ended it; the same command goes on.
  case stopped
  /// More faults than `--max-faults` allows: the commonest kinds, with their numbers.
  case tooManyFaults([(code: FaultCode, count: Int)])

  /// Whether two runs ended alike.
  public static func == (a: ScoringEnd, b: ScoringEnd) -> Bool {
    switch (a, b) {
    case (.finished, .finished), (.interrupted, .interrupted), (.stopped, .stopped): true
    case (.tooManyFaults(let a), .tooManyFaults(let b)): a.elementsEqual(b) { $0 == $1 }
    default: false
    }
  }

  /// The word that `run.state` keeps.
  public var state: String {
    switch self {
    case .finished: "finished"
    case .interrupted: "interrupted"
    case .stopped: "stopped"
    case .tooManyFaults: "failed"
    }
  }
}
