import Bytes
import GRDB

/// The runs of a store and the proof that they account for every record.
enum RunLedger {
  /// Every run, oldest first, or one of them.
  /// - Complexity: O(n) for n entries.
  static func summaries(_ db: Database, path: String, only run: Int64? = nil) throws -> [RunSummary] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT run.id, name, state, model_name, model_fingerprint, precision, options, corpus, images, shard,
          version, machine, started_at, finished_at
        FROM run JOIN scorer ON scorer.id = run.scorer_id WHERE ?1 IS NULL OR run.id = ?1 ORDER BY run.id
        """, arguments: [run]
    ).map { row in
      let id: Int64 = try row.get(0)
      let counts = try RunCounts(run: id, in: db, path: path)
      return try RunSummary(
        id: id, name: row.get(1), state: row.get(2), model: row.get(3), fingerprint: row.get(4),
        precision: row.get(5), options: row.get(6), corpus: row.get(7), images: row.find(8),
        shard: row.find(9),
        version: row.get(10), machine: row.get(11), mix: MachineMix.words(ofRun: id, in: db),
        mismatches: RunMismatches(ofRun: id, in: db), startedAt: row.get(12),
        finishedAt: row.find(13),
        counts: counts, ledger: lines(db, run: id, counts: counts))
    }
  }

  /// A run's files: those of its counts, in their order, then any that only entries name.
  static func lines(_ db: Database, run: Int64, counts: RunCounts) throws -> [LedgerLine] {
    // Uses sums instead of grouping by state: the order of the primary key then needs no sorting.
    let sums = EntryState.allCases.map { "sum(state = '\($0.rawValue)')" }.joined(separator: ", ")
    let rows = try Row.fetchAll(
      db, sql: "SELECT file, \(sums) FROM entry WHERE run_id = ? GROUP BY file", arguments: [run])
    var found: [ByteText: [Int]] = [:]
    var strangers: [LedgerLine] = []
    let known = Set(counts.files.map(\.name))
    for row in rows {
      let file: ByteText = try row.get(0)
      let byState: [Int] = try EntryState.allCases.indices.map { try row.get($0 + 1) }
      found[file] = byState
      if !known.contains(file) {
        strangers.append(LedgerLine(counts: FileCounts(name: file), byState: byState))
      }
    }
    let none = EntryState.allCases.map { _ in 0 }
    return counts.files.map { LedgerLine(counts: $0, byState: found[$0.name] ?? none) } + strangers
  }

  /// The record numbers of a file that are faulted, ascending.
  static func faultedRecords(_ db: Database, run: Int64, file: ByteText) throws -> [Int] {
    try Int.fetchAll(
      db,
      sql: "SELECT record FROM entry WHERE run_id = ? AND file = ? AND state = 'faulted' ORDER BY record",
      arguments: [run, file])
  }

  /// A run's faults by stage and code, the most common first.
  static func faults(_ db: Database, run: Int64) throws -> [FaultCount] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT stage, code, count(*) FROM fault WHERE run_id = ? GROUP BY stage, code
        ORDER BY count(*) DESC, stage, code
        """, arguments: [run]
    ).map { try FaultCount(stage: $0.get(0), code: $0.get(1), count: $0.get(2)) }
  }
}

extension StoreReader {
  /// Every run, oldest first.
  /// - Complexity: O(n) for n entries.
  package func runs() throws(StoreError) -> [RunSummary] {
    try withDatabase { db in try RunLedger.summaries(db, path: path) }.map(withActualState)
  }

  /// The run with a name; the latest for `nil`.
  /// - Throws: `runNotFound`, with the existing names, or `noRuns`.
  package func run(named name: String?) throws(StoreError) -> RunSummary {
    let run = try withDatabase { db in
      let id = try RunName.find(name, in: db, path: path)
      guard let run = try RunLedger.summaries(db, path: path, only: id).first else {
        throw StoreError.noRuns(path: path)
      }
      return run
    }
    return withActualState(run)
  }

  /// A killed writer leaves its run as `running`. If the store is not locked, no run is really running.
  private func withActualState(_ run: RunSummary) -> RunSummary {
    guard run.state == RunState.running.rawValue, !StoreLock.isHeld(file, inode) else { return run }
    var run = run
    run.state = RunState.interrupted.rawValue
    return run
  }

  /// A run's faults by stage and code, the most common first.
  package func faults(ofRun id: Int64) throws(StoreError) -> [FaultCount] {
    try withDatabase { db in try RunLedger.faults(db, run: id) }
  }

  /// How many of a run's posts are new versions: the store held their key with other content before.
  /// - Complexity: O(n log m) for n entries in a store of m posts.
  package func newVersions(inRun id: Int64) throws(StoreError) -> Int {
    try withDatabase { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(DISTINCT entry.post_id) FROM entry JOIN post ON post.id = entry.post_id
          WHERE entry.run_id = ? AND EXISTS (
            SELECT 1 FROM post AS earlier WHERE earlier.key = post.key AND earlier.id < post.id)
          """, arguments: [id]) ?? 0
    }
  }

  /// Reads with our own SQL; errors become `StoreError`.
  func withDatabase<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try read(body)
    } catch {
      throw StoreError(error, store: path, isReading: true)
    }
  }
}

/// How often one kind of fault occurs in a run.
package struct FaultCount: Equatable, Sendable {
  /// The stage at which the rows were faulted.
  package var stage: String
  /// The kind of fault.
  package var code: String
  /// The number of rows.
  package var count: Int

  package init(stage: String, code: String, count: Int) {
    (self.stage, self.code, self.count) = (stage, code, count)
  }
}

/// A run's entries by state, over all commands that worked on it.
package struct RunTotals: Sendable, Equatable {
  /// In the order of `EntryState.allCases`.
  private var byState = EntryState.allCases.map { _ in 0 }

  /// Creates the totals of a run without entries.
  package init() {}

  /// The number of entries in a state.
  package subscript(state: EntryState) -> Int {
    get { EntryState.allCases.firstIndex(of: state).map { byState[$0] } ?? 0 }
    set { if let place = EntryState.allCases.firstIndex(of: state) { byState[place] = newValue } }
  }

  /// The number of entries.
  package var rows: Int { byState.reduce(0, +) }

  /// Adds what a commit changed.
  package static func += (totals: inout RunTotals, summary: CommitSummary) {
    totals[.scored] += summary.scored
    totals[.withoutPicture] += summary.withoutPicture
    totals[.duplicate] += summary.duplicate
    totals[.faulted] += summary.faulted
  }
}

extension StoreWriter {
  /// The totals of a run so far.
  /// - Complexity: O(n) for n entries.
  package func totals(of run: OpenRun) throws(StoreError) -> RunTotals {
    try perform { db in
      var totals = RunTotals()
      for line in try RunLedger.lines(db, run: run.id, counts: run.counts) {
        for state in EntryState.allCases { totals[state] += line.rows(state) }
      }
      return totals
    }
  }

  /// A run's faults by stage and code, the most common first.
  package func faults(of run: OpenRun) throws(StoreError) -> [FaultCount] {
    try perform { db in try RunLedger.faults(db, run: run.id) }
  }
}
