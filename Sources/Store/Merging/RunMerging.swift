import Bytes
import GRDB
import Queries

/// Copies one store's scorers and runs into another.
struct RunMerging {
  /// The output's id for each scorer of the input.
  private(set) var scorers: [Int64: Int64] = [:]
  /// The output's id and the name for each run of the input.
  private(set) var ids: [Int64: (id: Int64, name: ByteText)] = [:]
  /// The input's runs as they are now in the output.
  private(set) var merged: [MergedRun] = []

  private let output: Database
  private let outputPath: String
  private let inputPath: String

  /// Merges scorers and runs. Then merge the entries, and call `verifyLedgers`.
  init(from input: Database, at inputPath: String, into output: Database, at outputPath: String) throws {
    self.output = output
    self.outputPath = outputPath
    self.inputPath = inputPath
    let rows = try Row.fetchAll(
      input,
      sql: "SELECT id, model_fingerprint, model_name, precision, options, labels FROM scorer ORDER BY id")
    for row in rows {
      scorers[try row.get(0)] = try ScorerRecord.identify(
        fingerprint: row.get(1), name: row.get(2), precision: row.get(3), options: row.get(4),
        labels: row.get(5),
        in: output)
    }
    for run in try RunLedger.summaries(input, path: inputPath) {
      let scorer = try Int64.fetchOne(
        input, sql: "SELECT scorer_id FROM run WHERE id = ?", arguments: [run.id])
      guard let scorer = scorer.flatMap({ scorers[$0] }) else { throw DamagedRow(column: "scorer_id") }
      try checkUnchanged(run, in: input, at: inputPath)
      let holdsMore = try ownReads(run) < run.counts.read
      let id = try merge(run, scorer: scorer)
      // Of two copies of a run, the parts are those of the one with more records.
      if holdsMore { try PartLedger.copy(run: run.id, of: input, to: id, in: output) }
      ids[run.id] = (id, run.name)
    }
  }

  /// Checks that each merged run accounts for every record, and notes what is missing.
  mutating func verifyLedgers() throws {
    for (_, run) in ids.sorted(by: { $0.key < $1.key }) {
      guard let now = try RunLedger.summaries(output, path: outputPath, only: run.id).first else { continue }
      if let line = now.ledger.first(where: { !$0.isBalanced }) {
        throw StoreError.merge(.unbalanced(run: run.name.text, file: line.counts.name.text, path: inputPath))
      }
      // Both checksums were verified before the merge; the merged run gets a new one.
      if now.state == RunState.finished.rawValue {
        try RunChecksum.record(ofRun: run.id, in: output)
      } else {
        try output.execute(sql: "UPDATE run SET checksum = NULL WHERE id = ?", arguments: [run.id])
      }
      let missing = now.shard.flatMap(ShardSet.init)?.missing ?? []
      merged.append(MergedRun(name: run.name, missingShards: missing, mix: now.mix))
    }
  }

  private func merge(_ run: RunSummary, scorer: Int64) throws -> Int64 {
    try RunName.check(run.name.text)
    if let line = run.ledger.first(where: { !$0.isBalanced }) {
      throw StoreError.merge(.unbalanced(run: run.name.text, file: line.counts.name.text, path: inputPath))
    }
    let shards = try shards(of: run, at: inputPath)
    if let shards, shards.members.count == 1, run.state != RunState.finished.rawValue {
      throw StoreError.merge(
        .unfinishedShard(run: run.name.text, shard: run.shard ?? "", state: run.state, path: inputPath))
    }
    let id = try Int64.fetchOne(output, sql: "SELECT id FROM run WHERE name = ?", arguments: [run.name])
    guard let id, let present = try RunLedger.summaries(output, path: outputPath, only: id).first else {
      return try insert(run, scorer: scorer, shards: shards)
    }
    try compare(run, scorer: scorer, with: present)
    try checkUnchanged(present, in: output, at: outputPath)
    try join(run, shards: shards, into: present)
    return id
  }

  /// The records that the output's run of this name has read; -1 if there is none.
  private func ownReads(_ run: RunSummary) throws -> Int {
    guard let id = try Int64.fetchOne(output, sql: "SELECT id FROM run WHERE name = ?", arguments: [run.name]) else {
      return -1
    }
    return try RunCounts(run: id, in: output, path: outputPath).read
  }

  /// Rejects a run that does not match its checksum: the merge would record a new checksum and hide the change.
  private func checkUnchanged(_ run: RunSummary, in db: Database, at path: String) throws {
    guard let changes = try RunChecksum.changes(ofRun: run.id, in: db), !changes.isEmpty else { return }
    throw StoreError.merge(.changed(run: run.name.text, what: changes.joined(separator: ", "), path: path))
  }

  private func shards(of run: RunSummary, at path: String) throws -> ShardSet? {
    guard let text = run.shard else { return nil }
    guard let shards = ShardSet(text) else {
      throw StoreError.damaged(path: path, what: "a shard \"\(text)\"")
    }
    return shards
  }

  private func insert(_ run: RunSummary, scorer: Int64, shards: ShardSet?) throws -> Int64 {
    // No command is running on a store that is being merged into.
    let state = run.state == RunState.running.rawValue ? RunState.interrupted.rawValue : run.state
    try output.execute(
      sql: """
        INSERT INTO run (name, scorer_id, corpus, images, shard, version, machine, started_at, finished_at, state,
          counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run.name, scorer, run.corpus, run.images, shards.map(\.text) ?? nil, run.version, run.machine,
        run.startedAt, run.finishedAt, state, run.counts.json,
      ])
    let id = output.lastInsertedRowID
    try RunMismatches.write(run.mismatches?.json, run: id, in: output)
    return id
  }

  /// Rejects runs of two different commands that share a name.
  private func compare(_ run: RunSummary, scorer: Int64, with present: RunSummary) throws {
    let itsScorer = try Int64.fetchOne(
      output, sql: "SELECT scorer_id FROM run WHERE id = ?", arguments: [present.id])
    let traits: [(RunTrait, Bool)] = [
      (.scorer, itsScorer == scorer), (.corpus, ByteText(run.corpus) == ByteText(present.corpus)),
      (.sample, run.counts.sample == present.counts.sample),
      (.limit, run.counts.limit == present.counts.limit), (.parts, run.counts.parts == present.counts.parts),
    ]
    if let trait = traits.first(where: { !$0.1 })?.0 { throw differ(run, trait) }
  }

  private func differ(_ run: RunSummary, _ trait: RunTrait) -> StoreError {
    .merge(.runsDiffer(name: run.name.text, trait: trait, first: outputPath, second: inputPath))
  }

  private func join(_ run: RunSummary, shards: ShardSet?, into present: RunSummary) throws {
    let held = try self.shards(of: present, at: outputPath)
    try ScorerMachines.note(run.machine, run: present.id, in: output)
    switch (held, shards) {
    case (nil, nil):
      // Of two copies of a run, the one with more rows determines the state.
      let gain = run.counts.read - present.counts.read
      let isFinished = run.state == RunState.finished.rawValue && present.state != run.state
      if gain > 0 || (gain == 0 && isFinished) { try adopt(run, for: present) }
    case (_?, nil):
      try adopt(run, for: present)
    case (nil, _?):
      break
    case (let held?, let shards?):
      guard held.total == shards.total else { throw differ(run, .shard) }
      if held.contains(shards) { break }
      if shards.contains(held) {
        try adopt(run, for: present)
        break
      }
      guard held.isDisjoint(with: shards), let counts = present.counts.joined(with: run.counts) else {
        throw differ(run, .shard)
      }
      try write(counts, shards: held.union(shards), of: run, for: present)
    }
  }

  /// Sets the output's run to the state of the input's.
  private func adopt(_ run: RunSummary, for present: RunSummary) throws {
    try output.execute(
      sql: "UPDATE run SET shard = ?, state = ?, counts = ?, started_at = ?, finished_at = ? WHERE id = ?",
      arguments: [
        run.shard, run.state == RunState.running.rawValue ? RunState.interrupted.rawValue : run.state,
        run.counts.json, min(run.startedAt, present.startedAt), run.finishedAt, present.id,
      ])
    try RunMismatches.write(run.mismatches?.json, run: present.id, in: output)
  }

  /// Writes the combined counts of two sets of shards.
  private func write(_ joined: RunCounts, shards: ShardSet, of run: RunSummary, for present: RunSummary)
    throws
  {
    var counts = joined
    counts.stop = shards.missingWords
    let ends = [run.finishedAt, present.finishedAt].compactMap(\.self)
    try output.execute(
      sql: "UPDATE run SET shard = ?, state = ?, counts = ?, started_at = ?, finished_at = ? WHERE id = ?",
      arguments: [
        shards.text, (shards.isComplete ? RunState.finished : .stopped).rawValue, counts.json,
        min(run.startedAt, present.startedAt), ends.max(), present.id,
      ])
    let mismatches = try RunMismatches.join(present.mismatches?.json, run.mismatches?.json, in: output)
    try RunMismatches.write(mismatches, run: present.id, in: output)
  }
}

/// Which shards of a corpus a run holds: `2/4`, or `1,3/4` when merged in part.
package struct ShardSet: Equatable {
  /// The shards it holds, ascending, from 1.
  package private(set) var members: [Int]
  /// How many shards there are.
  package let total: Int

  /// Reads a run's `shard`; `nil` if the text is not valid.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let total = Int(parts[1]), 1...Self.most ~= total else { return nil }
    let members = parts[0].split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard members.allSatisfy({ 1...total ~= $0 }), zip(members, members.dropFirst()).allSatisfy(<) else {
      return nil
    }
    self.members = members
    self.total = total
  }

  /// A bound on what a hostile store can make clfa list; far more shards than anyone has machines.
  static let most = 100_000

  /// The text that a run keeps; `nil` for the whole corpus.
  package var text: String? {
    isComplete ? nil : members.map(String.init).joined(separator: ",") + "/\(total)"
  }

  /// Whether no shard is missing.
  package var isComplete: Bool { members.count == total }

  /// The shards that are missing, as `--shard` takes them.
  package var missing: [String] {
    let held = Set(members)
    return (1...total).filter { !held.contains($0) }.map { "\($0)/\(total)" }
  }

  /// The missing parts, in a line; `nil` if nothing is missing.
  package var missingWords: String? {
    let missing = missing
    switch missing.count {
    case 0: return nil
    case 1: return "shard \(missing[0]) is missing"
    case 2...20: return "shards \(missing.joined(separator: ", ")) are missing"
    default: return "\(missing.count) of \(total) shards are missing"
    }
  }

  /// Whether two sets of one corpus share no shard.
  func isDisjoint(with other: ShardSet) -> Bool { Set(members).isDisjoint(with: other.members) }

  /// Whether every shard of another set is in this one.
  func contains(_ other: ShardSet) -> Bool { Set(members).isSuperset(of: other.members) }

  /// The shards of both.
  package func union(_ other: ShardSet) -> ShardSet {
    var union = self
    union.members = Set(members).union(other.members).sorted()
    return union
  }
}
