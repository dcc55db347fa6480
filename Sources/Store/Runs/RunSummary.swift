/// A run as `clfa runs` shows it.
public struct RunSummary: Sendable {
  /// The run's id in its store.
  public var id: Int64
  /// Its name.
  public var name: String
  /// Where it stands: a `RunState`'s raw value.
  public var state: String
  /// The model's name.
  public var model: String
  /// The model's fingerprint.
  public var fingerprint: String
  /// The model's precision.
  public var precision: String
  /// The scorer's options, canonical JSON.
  public var options: String
  /// The corpus: its files' names joined by ` + `.
  public var corpus: String
  /// The pictures' folder as given.
  public var images: String?
  /// `K/N`, `K,L/N` when merged in part, `nil` for the whole corpus.
  public var shard: String?
  /// The version of the program that began it.
  public var version: String
  /// The machine, a JSON object.
  public var machine: String
  /// How the machines that have worked for it differ; see ``MachineMix``.
  public var mix: String?
  /// In what its corpus differs from what its model was trained on; `nil` where nobody recorded that.
  public var mismatches: RunMismatches?
  /// When it began: UTC in ISO 8601.
  public var startedAt: String
  /// When it ended; `nil` where it has not.
  public var finishedAt: String?
  /// What it read and left.
  public var counts: RunCounts
  /// Its entries and the proof that none is missing, file by file.
  public var ledger: [LedgerLine]

  /// The number of entries in a state.
  public func rows(_ state: EntryState) -> Int {
    ledger.reduce(0) { $0 + $1.rows(state) }
  }

  /// The number of entries.
  public var entries: Int { ledger.reduce(0) { $0 + $1.entries } }

  /// Whether every record that was read is accounted for.
  public var isBalanced: Bool { ledger.allSatisfy(\.isBalanced) }
}

/// One file of a run: what was read of it and what became of it.
public struct LedgerLine: Sendable, Equatable {
  /// What was read and what was left.
  public var counts: FileCounts
  /// The entries by state, in the order of `EntryState.allCases`.
  package var byState: [Int]

  /// The number of entries in a state.
  public func rows(_ state: EntryState) -> Int {
    EntryState.allCases.firstIndex(of: state).map { byState[$0] } ?? 0
  }

  /// The number of entries.
  public var entries: Int { byState.reduce(0, +) }

  /// Records read that are neither entered nor left; negative where more are entered than were read.
  public var missing: Int {
    let (missing, overflow) = (counts.read - entries).subtractingReportingOverflow(counts.left)
    return overflow ? Int.min : missing
  }

  /// Whether entries + left = read.
  public var isBalanced: Bool { missing == 0 }
}
