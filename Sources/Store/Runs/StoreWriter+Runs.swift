import Bytes
import GRDB
import Queries

extension StoreWriter {
  /// Begins a run, or continues the unfinished one of the same command: the same name, scorer, corpus,
  /// shard, sample and limit.
  ///
  /// A name that nobody chose moves on to `NAME-2`, `NAME-3` … past runs that are finished or another
  /// command's; a chosen name does not move.
  /// - Throws: `runFinished` or `runDiffers` for a chosen name, `invalidRunName`.
  public func openRun(_ request: RunRequest) throws(StoreError) -> OpenRun {
    try RunName.check(request.name)
    return try transact { db in
      let scorer = try request.scorer.identify(in: db)
      let runs = try candidates(request, scorer: scorer, db: db)
      for run in runs.reversed() where run.difference == nil {
        if request.nameIsGiven, run.isFinished, !request.reopensFinished {
          throw StoreError.runFinished(name: run.name)
        }
        if !run.isFinished || request.reopensFinished { return try resume(run, scorer: scorer, db: db) }
      }
      if request.nameIsGiven, let taken = runs.first?.difference {
        throw StoreError.runDiffers(name: request.name, trait: taken)
      }
      let name = runs.isEmpty ? request.name : "\(request.name)-\(runs.count + 1)"
      return try begin(request, name: name, scorer: scorer, db: db)
    }
  }

  /// The record numbers of a file that are faulted, ascending.
  public func faultedRecords(run: Int64, file: String) throws(StoreError) -> [Int] {
    try perform { db in
      try Int.fetchAll(
        db,
        sql: "SELECT record FROM entry WHERE run_id = ? AND file = ? AND state = 'faulted' ORDER BY record",
        arguments: [run, file])
    }
  }

  /// Notes how a run ended.
  public func finishRun(
    _ run: OpenRun, state: String, counts: RunCounts, finishedAt: String?
  ) throws(StoreError) {
    try transact { db in
      try db.execute(
        sql: "UPDATE run SET state = ?, counts = ?, finished_at = ? WHERE id = ?",
        arguments: [state, counts.json, finishedAt, run.id])
      if db.changesCount == 0 { throw StoreError.runNotFound(name: run.name, known: try RunName.all(db)) }
    }
  }

  /// A run that has the asked name or one derived from it.
  private struct Candidate {
    var id: Int64
    var name: String
    var isFinished: Bool
    /// The first trait in which it is another command's run.
    var difference: RunTrait?
  }

  private func candidates(_ request: RunRequest, scorer: Int64, db: Database) throws -> [Candidate] {
    var found: [Candidate] = []
    while true {
      let name = found.isEmpty ? request.name : "\(request.name)-\(found.count + 1)"
      let row = try Row.fetchOne(
        db, sql: "SELECT id, scorer_id, corpus, shard, state FROM run WHERE name = ?", arguments: [name])
      guard let row else { return found }
      let id: Int64 = try row.get(0)
      let (itsScorer, corpus, shard): (Int64, String, String?) = try (row.get(1), row.get(2), row.find(3))
      let counts = try RunCounts(run: id, in: db, path: path)
      let traits: [(RunTrait, Bool)] = [
        (.scorer, itsScorer == scorer), (.corpus, corpus.hasSameBytes(as: request.corpus)),
        (.shard, shard.hasSameBytes(as: request.shard)), (.sample, counts.sample.hasSameBytes(as: request.sample)),
        (.limit, counts.limit == request.limit),
      ]
      let state: String = try row.get(4)
      found.append(
        Candidate(
          id: id, name: name, isFinished: state == RunState.finished.rawValue,
          difference: traits.first { !$0.1 }?.0))
      if request.nameIsGiven { return found }
    }
  }

  private func resume(_ run: Candidate, scorer: Int64, db: Database) throws -> OpenRun {
    var counts = try RunCounts(run: run.id, in: db, path: path)
    counts.stop = nil
    try db.execute(
      sql: "UPDATE run SET state = 'running', finished_at = NULL, counts = ? WHERE id = ?",
      arguments: [counts.json, run.id])
    return OpenRun(id: run.id, name: run.name, scorerID: scorer, isContinued: true, counts: counts)
  }

  private func begin(_ request: RunRequest, name: String, scorer: Int64, db: Database) throws -> OpenRun {
    let counts = RunCounts(sample: request.sample, limit: request.limit)
    try db.execute(
      sql: """
        INSERT INTO run (name, scorer_id, corpus, images, shard, version, machine, started_at, state, counts)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?)
        """,
      arguments: [
        name, scorer, request.corpus, request.images, request.shard, request.version, request.machine,
        request.startedAt, counts.json,
      ])
    return OpenRun(
      id: db.lastInsertedRowID, name: name, scorerID: scorer, isContinued: false, counts: counts)
  }
}
