import Bytes
import GRDB
import Queries

extension StoreWriter {
  /// Begins a run, or continues the unfinished one of the same command: the same name, scorer, corpus,
  /// shard, sample and limit.
  ///
  /// A name that nobody chose moves on to `NAME-2`, `NAME-3` … past runs that are finished or another
  /// command's; a chosen name does not move.
  /// - Throws: `runFinished` or `runDiffers` for a chosen name, `runNotFound` for a chosen one to be opened again,
  ///   `invalidRunName`.
  public func openRun(_ request: RunRequest) throws(StoreError) -> OpenRun {
    try RunName.check(request.name)
    return try transact { db in
      let scorer = try request.scorer.identify(in: db)
      switch try request.choice(scorer: scorer, in: db, path: path) {
      case .resumes(let id, let name): return try resume(id, request, name: name, scorer: scorer, db: db)
      case .begins(let name): return try begin(request, name: name, scorer: scorer, db: db)
      }
    }
  }

  /// The record numbers of a file that are faulted, ascending.
  public func faultedRecords(run: Int64, file: String) throws(StoreError) -> [Int] {
    try perform { db in try Ledger.faultedRecords(db, run: run, file: file) }
  }

  /// Notes how a run ended; of one that is finished the checksum is recorded.
  /// - Complexity: O(n log m) for n entries in a store of m posts where it is finished.
  public func finishRun(
    _ run: OpenRun, state: RunState, counts: RunCounts, finishedAt: String?
  ) throws(StoreError) {
    try transact { db in
      try db.execute(
        sql: "UPDATE run SET state = ?, counts = ?, finished_at = ? WHERE id = ?",
        arguments: [state.rawValue, counts.json, finishedAt, run.id])
      if db.changesCount == 0 { throw StoreError.runNotFound(name: run.name, known: try RunName.all(db)) }
      if state == .finished { try RunChecksum.record(ofRun: run.id, in: db) }
    }
  }

  /// How the machines that have worked for a run differ; see ``MachineMix``.
  public func mix(ofRun run: Int64) throws(StoreError) -> String? {
    try perform { db in try MachineMix.words(ofRun: run, in: db) }
  }

  private func resume(
    _ id: Int64, _ request: RunRequest, name: String, scorer: Int64, db: Database
  ) throws -> OpenRun {
    var counts = try RunCounts(run: id, in: db, path: path)
    counts.stop = nil
    try db.execute(
      sql: "UPDATE run SET state = 'running', finished_at = NULL, checksum = NULL, counts = ? WHERE id = ?",
      arguments: [counts.json, id])
    try Machines.note(request.machine, run: id, in: db)
    try RunMismatches.write(request.mismatches, run: id, in: db)
    return OpenRun(
      id: id, name: name, scorerID: scorer, isContinued: true, counts: counts,
      mix: try MachineMix.words(ofRun: id, in: db))
  }

  private func begin(_ request: RunRequest, name: String, scorer: Int64, db: Database) throws -> OpenRun {
    let counts = RunCounts(sample: request.sample, limit: request.limit, reading: request.reading)
    try db.execute(
      sql: """
        INSERT INTO run (name, scorer_id, corpus, images, shard, version, machine, started_at, state, counts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)
        """,
      arguments: [
        name, scorer, request.corpus, request.images, request.shard, request.version, request.machine,
        request.startedAt, counts.json,
      ])
    let id = db.lastInsertedRowID
    try RunMismatches.write(request.mismatches, run: id, in: db)
    return OpenRun(
      id: id, name: name, scorerID: scorer, isContinued: false, counts: counts, mix: nil)
  }
}
