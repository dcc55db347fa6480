import GRDB

extension StoreWriter {
  /// Enters a batch of rows into a run: posts, labels, thumbnails, predictions, vectors, entries, faults and the run's
  /// counts, all or nothing.
  ///
  /// The state of each row is decided here. A post that stands earlier in the run is a `duplicate`; a post
  /// known to the scorer keeps its prediction. A record that was faulted before is entered anew, and its
  /// fault goes. A label that differs from the stored one replaces it; a row without one changes nothing.
  /// - Parameters:
  ///   - rows: The rows, in the order of the corpus.
  ///   - run: The run that takes them.
  ///   - counts: What the run has read when these rows are in; its files' order is the corpus' order.
  ///   - notedAt: The time that stands beside labels: UTC in ISO 8601.
  ///   - redo: Whether predictions and vectors replace those stored.
  /// - Returns: By how much the run's totals changed.
  /// - Throws: `diskFull`, `recordTaken`, `notScored`, `notFinite`, …; the store is then as it was before.
  /// - Complexity: O(n log m) for n rows in a store of m.
  @discardableResult
  public func commit(
    _ rows: [LedgerRow], run: OpenRun, counts: RunCounts, notedAt: String, redo: Bool = false
  ) throws(StoreError) -> CommitSummary {
    try transact { db in
      var commit = try Commit(db, run: run, counts: counts, notedAt: notedAt, redo: redo)
      for row in rows { try commit.enter(row) }
      try commit.writeVectors()
      if commit.summary.known > 0 { try Machines.noteScorers(run.scorerID, run: run.id, in: db) }
      try db.cachedStatement(sql: "UPDATE run SET counts = ? WHERE id = ?").execute(
        arguments: [counts.json, run.id])
      if db.changesCount == 0 { throw StoreError.runNotFound(name: run.name, known: try RunName.all(db)) }
      return commit.summary
    }
  }
}
