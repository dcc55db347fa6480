import GRDB

/// A run's entries by state, over all its turns.
public struct RunTotals: Sendable, Equatable {
  /// In the order of `EntryState.allCases`.
  private var byState = EntryState.allCases.map { _ in 0 }

  /// Creates the totals of a run without entries.
  public init() {}

  /// The number of entries in a state.
  public subscript(state: EntryState) -> Int {
    get { EntryState.allCases.firstIndex(of: state).map { byState[$0] } ?? 0 }
    set { if let place = EntryState.allCases.firstIndex(of: state) { byState[place] = newValue } }
  }

  /// The number of entries.
  public var rows: Int { byState.reduce(0, +) }

  /// Adds what a commit changed.
  public static func += (totals: inout RunTotals, summary: CommitSummary) {
    totals[.scored] += summary.scored
    totals[.withoutPicture] += summary.withoutPicture
    totals[.duplicate] += summary.duplicate
    totals[.faulted] += summary.faulted
  }
}

extension StoreWriter {
  /// What a run holds so far.
  /// - Complexity: O(n) for n entries.
  public func totals(of run: OpenRun) throws(StoreError) -> RunTotals {
    try perform { db in
      var totals = RunTotals()
      for line in try Ledger.lines(db, run: run.id, counts: run.counts) {
        for state in EntryState.allCases { totals[state] += line.rows(state) }
      }
      return totals
    }
  }

  /// A run's faults by stage and code, the commonest first.
  public func faults(of run: OpenRun) throws(StoreError) -> [FaultCount] {
    try perform { db in try Ledger.faults(db, run: run.id) }
  }
}
