import Bytes
import GRDB
import Queries

/// The run that a command means.
enum RunChoice {
  /// One that is there.
  case resumes(id: Int64, name: String)
  /// A new one.
  case begins(name: String)
}

extension RunRequest {
  /// Finds the run to continue, or the name of the one to begin; changes nothing.
  ///
  /// - Parameters:
  ///   - scorer: the scorer's id; `nil` where the store has none.
  ///   - db: the store.
  ///   - path: the store's path, for errors.
  /// - Returns: the run.
  /// - Throws: `runFinished`, `runDiffers` or `runNotFound` for a chosen name.
  func choice(scorer: Int64?, in db: Database, path: String) throws -> RunChoice {
    let runs = try candidates(scorer: scorer, in: db, path: path)
    for run in runs.reversed() where run.difference == nil {
      if nameIsGiven, run.isFinished, !reopensFinished { throw StoreError.runFinished(name: run.name) }
      if !run.isFinished || reopensFinished { return .resumes(id: run.id, name: run.name) }
    }
    if nameIsGiven, runs.isEmpty, reopensFinished {
      // Whoever wants faults tried again by name means a run that is there.
      throw StoreError.runNotFound(name: name, known: try RunName.all(db))
    }
    if nameIsGiven, let taken = runs.first?.difference { throw StoreError.runDiffers(name: name, trait: taken) }
    return .begins(name: runs.isEmpty ? name : "\(name)-\(runs.count + 1)")
  }

  /// A run that has the asked name or one derived from it.
  private struct Candidate {
    var id: Int64
    var name: String
    var isFinished: Bool
    /// The first trait in which it is another command's run.
    var difference: RunTrait?
  }

  private func candidates(scorer: Int64?, in db: Database, path: String) throws -> [Candidate] {
    var found: [Candidate] = []
    while true {
      let name = found.isEmpty ? self.name : "\(self.name)-\(found.count + 1)"
      let row = try Row.fetchOne(
        db, sql: "SELECT id, scorer_id, corpus, shard, state FROM run WHERE name = ?", arguments: [name])
      guard let row else { return found }
      let id: Int64 = try row.get(0)
      let (itsScorer, corpus, shard): (Int64, String, String?) = try (row.get(1), row.get(2), row.find(3))
      let counts = try RunCounts(run: id, in: db, path: path)
      let traits: [(RunTrait, Bool)] = [
        (.scorer, itsScorer == scorer), (.corpus, corpus.hasSameBytes(as: self.corpus)),
        (.shard, shard.hasSameBytes(as: self.shard)), (.sample, counts.sample.hasSameBytes(as: self.sample)),
        (.limit, counts.limit == self.limit),
      ]
      let state: String = try row.get(4)
      found.append(
        Candidate(
          id: id, name: name, isFinished: state == RunState.finished.rawValue,
          difference: traits.first { !$0.1 }?.0))
      if nameIsGiven { return found }
    }
  }
}
