import Bytes
import GRDB

/// The runs of a store and the proof that they account for every record.
enum Ledger {
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
    // Sums instead of a grouping by state: the primary key's order then does without sorting.
    let sums = EntryState.allCases.map { "sum(state = '\($0.rawValue)')" }.joined(separator: ", ")
    let rows = try Row.fetchAll(
      db, sql: "SELECT file, \(sums) FROM entry WHERE run_id = ? GROUP BY file", arguments: [run])
    var found: [ByteText: [Int]] = [:]
    var strangers: [LedgerLine] = []
    let known = Set(counts.files.map { ByteText($0.name) })
    for row in rows {
      let file: String = try row.get(0)
      let byState: [Int] = try EntryState.allCases.indices.map { try row.get($0 + 1) }
      found[ByteText(file)] = byState
      if !known.contains(ByteText(file)) {
        strangers.append(LedgerLine(counts: FileCounts(name: file), byState: byState))
      }
    }
    let none = EntryState.allCases.map { _ in 0 }
    return counts.files.map { LedgerLine(counts: $0, byState: found[ByteText($0.name)] ?? none) } + strangers
  }

  /// The record numbers of a file that are faulted, ascending.
  static func faultedRecords(_ db: Database, run: Int64, file: String) throws -> [Int] {
    try Int.fetchAll(
      db,
      sql: "SELECT record FROM entry WHERE run_id = ? AND file = ? AND state = 'faulted' ORDER BY record",
      arguments: [run, file])
  }

  /// A run's faults by stage and code, the commonest first.
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
  public func runs() throws(StoreError) -> [RunSummary] {
    try ask { db in try Ledger.summaries(db, path: path) }.map(asItStands)
  }

  /// The run of a name; the latest for `nil`.
  /// - Throws: `runNotFound`, with the names there are, or `noRuns`.
  public func run(named name: String?) throws(StoreError) -> RunSummary {
    let run = try ask { db in
      let id =
        try name.map { try RunName.find($0, in: db) }
        ?? Int64.fetchOne(db, sql: "SELECT max(id) FROM run")
      guard let id, let run = try Ledger.summaries(db, path: path, only: id).first else {
        throw StoreError.noRuns(path: path)
      }
      return run
    }
    return asItStands(run)
  }

  /// A killed writer leaves its run as `running`; nobody runs who does not hold the store's lock.
  private func asItStands(_ run: RunSummary) -> RunSummary {
    guard run.state == RunState.running.rawValue, !StoreLock.isHeld(file, inode) else { return run }
    var run = run
    run.state = RunState.interrupted.rawValue
    return run
  }

  /// A run's faults by stage and code, the commonest first.
  public func faults(ofRun id: Int64) throws(StoreError) -> [FaultCount] {
    try ask { db in try Ledger.faults(db, run: id) }
  }

  /// How many of a run's posts are new versions: the store held their key with other content before.
  /// - Complexity: O(n log m) for n entries in a store of m posts.
  public func newVersions(inRun id: Int64) throws(StoreError) -> Int {
    try ask { db in
      try Int.fetchOne(
        db,
        sql: """
          SELECT count(DISTINCT entry.post_id) FROM entry JOIN post ON post.id = entry.post_id
          WHERE entry.run_id = ? AND EXISTS (
            SELECT 1 FROM post AS earlier WHERE earlier.key = post.key AND earlier.id < post.id)
          """, arguments: [id]) ?? 0
    }
  }

  /// Reads with our own SQL, errors in the store's terms.
  func ask<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do {
      return try read(body)
    } catch {
      throw StoreError(error, store: path, isReading: true)
    }
  }
}

/// How often one kind of fault stands in a run.
public struct FaultCount: Equatable, Sendable {
  /// The part of the way on which the rows were lost.
  public var stage: String
  /// The kind of trouble.
  public var code: String
  /// The number of rows.
  public var count: Int
}
