package import Bytes
import GRDB
import Queries

extension StoreWriter {
  /// Begins a run, or continues the unfinished run of the same command, that is, with the same name, scorer, corpus,
  /// shard, sample and limit.
  ///
  /// A default name is changed to `NAME-2`, `NAME-3` … if runs of that name are finished or belong to another command;
  /// a chosen name is not changed.
  /// - Throws: `runFinished` or `runDiffers` for a chosen name, `runNotFound` for a chosen run that is to be reopened,
  ///   `invalidRunName`.
  package func openRun(_ request: RunRequest) throws(StoreError) -> OpenRun {
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
  package func faultedRecords(run: Int64, file: ByteText) throws(StoreError) -> [Int] {
    try perform { db in try RunLedger.faultedRecords(db, run: run, file: file) }
  }

  /// Records how a run ended; if it is finished, also its checksum.
  /// - Complexity: O(n log m) for n entries in a store of m posts, if it is finished.
  package func finishRun(
    _ run: OpenRun, state: RunState, counts: RunCounts, finishedAt: String?
  ) throws(StoreError) {
    try transact { db in
      try db.execute(
        sql: "UPDATE run SET state = ?, counts = ?, finished_at = ? WHERE id = ?",
        arguments: [state.rawValue, counts.json, finishedAt, run.id])
      if db.changesCount == 0 { throw StoreError.runNotFound(name: run.name.text, known: try RunName.all(db)) }
      if state == .finished { try RunChecksum.record(ofRun: run.id, in: db) }
    }
  }

  /// How the machines that worked for a run differ; see ``MachineMix``.
  package func mix(ofRun run: Int64) throws(StoreError) -> String? {
    try perform { db in try MachineMix.words(ofRun: run, in: db) }
  }

  func resume(
    _ id: Int64, _ request: RunRequest, name: String, scorer: Int64, db: Database
  ) throws -> OpenRun {
    var counts = try RunCounts(run: id, in: db, path: path)
    counts.stop = nil
    try db.execute(
      sql: "UPDATE run SET state = 'running', finished_at = NULL, checksum = NULL, counts = ? WHERE id = ?",
      arguments: [counts.json, id])
    try ScorerMachines.note(request.machine, run: id, in: db)
    try RunMismatches.write(request.mismatches, run: id, in: db)
    return OpenRun(
      id: id, name: ByteText(name), scorerID: scorer, isContinued: true, counts: counts,
      mix: try MachineMix.words(ofRun: id, in: db))
  }

  func begin(_ request: RunRequest, name: String, scorer: Int64, db: Database) throws -> OpenRun {
    let counts = RunCounts(sample: request.sample.map { ByteText($0) }, limit: request.limit, reading: request.reading)
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
      id: id, name: ByteText(name), scorerID: scorer, isContinued: false, counts: counts, mix: nil)
  }
}

extension StoreWriter {
  /// Renames a run.
  /// - Throws: `runNotFound`, `runNameTaken`, `invalidRunName`.
  package func renameRun(_ name: String, to newName: String) throws(StoreError) {
    try RunName.check(newName)
    try transact { db in
      let id = try RunName.find(name, in: db)
      do {
        try db.execute(sql: "UPDATE run SET name = ? WHERE id = ?", arguments: [newName, id])
      } catch DatabaseError.SQLITE_CONSTRAINT_UNIQUE {
        throw StoreError.runNameTaken(name: newName)
      }
    }
  }

  /// Removes a run, its entries and its faults.
  ///
  /// Posts, labels, predictions and vectors stay, because they belong to the scorer: scoring the corpus again needs no
  /// inference.
  /// - Returns: The number of entries removed.
  /// - Throws: `runNotFound`.
  @discardableResult
  package func dropRun(_ name: String) throws(StoreError) -> Int {
    try transact { db in
      let id = try RunName.find(name, in: db)
      try db.execute(sql: "DELETE FROM fault WHERE run_id = ?", arguments: [id])
      try db.execute(sql: "DELETE FROM entry WHERE run_id = ?", arguments: [id])
      let entries = db.changesCount
      try db.execute(sql: "DELETE FROM run WHERE id = ?", arguments: [id])
      return entries
    }
  }
}
