public import Corpus
public import Models
public import Store

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

/// How far a turn of a run has come: what this process did, not what the run held before.
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
  /// Known posts whose other columns or date were added to or changed.
  public var updated = 0
  /// The columns of those.
  public var updatedColumns = ColumnNames()
  /// Duplicates that differ from the first row of their post in other columns or the date.
  public var differing = 0
  /// The columns of those.
  public var differingColumns = ColumnNames()
  /// Rows read, those left to other shards or the sample included.
  public var read = 0
  /// Faulted rows of earlier turns among them that were tried again.
  public var retried = 0
  /// Rows among those that are no longer faulted.
  public var mended = 0
  /// Seconds since the first row was read.
  public var seconds = 0.0
  /// The share of the corpus' bytes whose rows are committed, or of the limit of rows where that ends first; `nil` where
  /// neither is known.
  public var share: Double?
  /// The share when this turn's first rows were committed: earlier turns' rows cost it no time.
  package var firstShare = 0.0
  /// The seconds until then.
  package var firstSeconds = 0.0

  /// Creates an account of nothing.
  public init() {}

  /// Rows that this turn put in the ledger, those tried again included.
  public var rows: Int { scored + withoutPicture + duplicates + faulted }
  /// Rows a second.
  public var rate: Double { seconds > 0 ? Double(rows) / seconds : 0 }
  /// Seconds to the end at the present rate; `nil` where it cannot be told.
  public var remaining: Double? {
    guard let share, case let (gain, time) = (share - firstShare, seconds - firstSeconds), gain > 0.001, time > 1
    else { return nil }
    return time * (1 - share) / gain
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
  /// The run holds more faults than `--max-faults` allows.
  case tooManyFaults

  /// The state in which it leaves the run.
  public var state: RunState {
    switch self {
    case .finished: .finished
    case .interrupted: .interrupted
    case .stopped: .stopped
    case .tooManyFaults: .failed
    }
  }
}

/// What became of a run when its turn was over.
public struct ScoringOutcome: Sendable, Equatable {
  /// How the turn ended.
  public var end: ScoringEnd
  /// What this turn did.
  public var turn: ScoringProgress
  /// What the run holds, earlier turns included.
  public var totals: RunTotals
  /// The three commonest kinds of faults where there were too many.
  public var commonestFaults: [FaultCount]
  /// The seconds that each stage took in this turn, of all threads together.
  public var stages: [ScoringStage: Double]
  /// What was not encoded again in this turn, for it had been before.
  public var reused: TowerCache.Tally
}
