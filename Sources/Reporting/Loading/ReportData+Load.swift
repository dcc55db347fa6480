import GRDB
public import Store

extension ReportData {
  /// The most labels a report can hold; a confusion matrix grows with their square.
  package static let labelLimit = 1000

  /// Reads what a report says of one run.
  ///
  /// The database counts and sums; only groups and a small sample come into memory.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - run: The run's name; `nil` is the latest.
  ///   - positive: The label that counts as positive in binary scores; see `ClassificationMetrics`.
  ///   - layout: The sections that are to be drawn; they may want more than every report has.
  ///   - pictures: How posts' pictures are shown, and where they may be.
  /// - Returns: The run's data, without metrics where no post has a truth.
  /// - Throws: `ReportingError` where the run does not exist or the store cannot be read.
  /// - Complexity: Two passes over the run's rows.
  public static func load(
    from store: StoreReader, run: String? = nil, positive: String? = nil, layout: ReportLayout? = nil,
    pictures: PictureRequest = PictureRequest()
  ) throws(ReportingError) -> ReportData {
    let sampleSize = layout?.most(SampleBlock.posts, of: .sample) ?? SampleQuery.size
    let pairs = (
      cells: layout?.most(ConfusedBlock.cells, of: .confused) ?? 0,
      posts: layout?.most(ConfusedBlock.posts, of: .confused) ?? 0
    )
    let notable = layout?.most(TriageBlock.posts, of: .triage) ?? 0
    return try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run)
      var candidates = NotableCandidates(wantsPairs: pairs.cells > 0, notable: notable)
      let found = try OutcomeQuery.fetch(
        database, run: run, scorer: scorer, positive: positive, gathering: &candidates)
      var outcome = found.outcome
      outcome.alignment.sample = try SampleQuery.fetch(
        database, run: run, scorer: scorer, alignment: outcome.alignment, size: sampleSize)
      let shown = try NotableQuery.fetch(
        database, run: run, scorer: scorer, outcome: outcome, candidates: candidates, names: found.names, pairs: pairs,
        notable: notable, pictures: pictures)
      return ReportData(
        run: run, scorer: scorer, ledger: try LedgerQuery.fetch(database, run: run),
        faults: try FaultQuery.fetch(database, run: run), outcome: outcome, shown: shown)
    }
  }
}

extension Outcome {
  /// Reads what one run predicted, its metrics included, and which run that is.
  ///
  /// - Throws: `ReportingError.noTruth` where no scored post has a label.
  public static func load(
    from store: StoreReader, run: String? = nil, positive: String? = nil
  ) throws(ReportingError) -> (run: RunFacts, outcome: Outcome) {
    try reading(store) { database in
      let (run, scorer) = try RunQuery.fetch(database, name: run)
      let outcome = try OutcomeQuery.fetch(database, run: run, scorer: scorer, positive: positive)
      guard outcome.labelled > 0 else {
        throw ReportingError.noTruth(run: run.name, posts: outcome.posts)
      }
      return (run, outcome)
    }
  }
}

/// Reads inside one transaction and says the database's errors in this module's words.
func reading<T>(
  _ store: StoreReader, _ body: (Database) throws -> T
) throws(ReportingError) -> T {
  do {
    return try store.read(body)
  } catch let error as ReportingError {
    throw error
  } catch let error as DatabaseError {
    throw .unreadableStore(error.message ?? "SQLite error \(error.resultCode.rawValue)")
  } catch {
    throw .unreadableStore("\(error)")
  }
}
