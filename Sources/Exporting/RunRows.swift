public import Corpus
public import Queries
public import Store

/// A run's rows on their way out.
public enum RunRows {
  /// How many rows came out, by what became of them.
  public struct Summary: Equatable, Sendable {
    /// Rows that came out.
    public var rows = 0
    /// Rows among them that were lost.
    public var faulted = 0
    /// Rows among them that repeat an earlier one.
    public var duplicates = 0
    /// Rows among them whose post was removed for good.
    public var forgotten = 0
    /// Records of the corpus that the run has no entry of, where the corpus was read.
    public var left = 0
  }

  /// Hands on every row of a run in the order of its corpus, in memory that does not grow with their number.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - corpus: opens the corpus, for the rows as they stand there; `nil` for what the store has of them.
  ///   - columns: gets the columns' names, once, before the first row.
  ///   - row: gets a value for each column.
  /// - Returns: how many rows came out.
  /// - Throws: `ExportError`, `CorpusError`, `StoreError`, and what the closures throw; rows may have been handed on.
  public static func each(
    of run: RunExport, corpus: (() throws -> CorpusReader)?, columns: ([String]) throws -> Void,
    row: ([QueryValue]) throws -> Void
  ) throws -> Summary {
    try run.withSource { source in
      try each(from: source, corpus: corpus, columns: columns) { try row($1) }
    }
  }

  /// The same with what the store has of each row, from a source that others read, too.
  static func each(
    from source: ExportSource, corpus: (() throws -> CorpusReader)?, columns: ([String]) throws -> Void,
    row: (ExportRow, [QueryValue]) throws -> Void
  ) throws -> Summary {
    var summary = Summary()
    func hand(_ entry: ExportRow, _ values: [QueryValue]) throws {
      if summary.rows % 1024 == 0, source.run.shouldStop() { throw ExportError.interrupted }
      summary.rows += 1
      switch EntryState(rawValue: entry.state) {
      case .faulted: summary.faulted += 1
      case .duplicate: summary.duplicates += 1
      case .forgotten: summary.forgotten += 1
      case .scored, .withoutPicture, nil: break
      }
      try row(entry, values)
    }
    if let corpus {
      var rows = try CorpusRows(corpus(), source)
      try columns(rows.columns.names)
      try rows.forEach(hand)
      summary.left = rows.left
    } else {
      let rows = try StoredRows(source)
      try columns(rows.columns.names)
      try rows.forEach(hand)
    }
    return summary
  }
}
