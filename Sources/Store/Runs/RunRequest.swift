package import Bytes
package import GRDB
import Queries

/// A scoring command's request to the store: the run to begin or to continue.
package struct RunRequest: Sendable {
  /// The run's name: `--run`'s value, or the corpus' stem.
  package var name: String
  /// Whether the user chose the name.
  package var nameIsGiven: Bool
  /// The scorer.
  package var scorer: ScorerRecord
  /// The corpus: its files' names joined by ` + `.
  package var corpus: String
  /// The pictures' folder as given.
  package var images: String?
  /// `K/N`; `nil` for the whole corpus.
  package var shard: String?
  /// The share that `--sample` asks for, as written.
  package var sample: String?
  /// The number of rows that `--limit` allows.
  package var limit: Int?
  /// The program's version.
  package var version: String
  /// The machine, as a JSON object.
  package var machine: String
  /// The time now: UTC in ISO 8601.
  package var startedAt: String
  /// Whether a finished run of the same command is reopened, as for `--retry-faults`.
  package var reopensFinished: Bool
  /// How the corpus differs from the model's training data, a JSON array; `nil` if it was not compared.
  package var mismatches: String?
  /// The flags with which the corpus is read.
  package var reading: [ReadingFlag]
  /// The parts from which the run is collected; nil for a run that is scored.
  var division: PartDivision?

  /// Creates a request from its parts.
  package init(
    name: String, nameIsGiven: Bool, scorer: ScorerRecord, corpus: String, images: String? = nil,
    shard: String? = nil, sample: String? = nil, limit: Int? = nil, version: String, machine: String,
    startedAt: String, reopensFinished: Bool = false, mismatches: String? = nil, reading: [ReadingFlag] = []
  ) {
    self.name = name
    self.nameIsGiven = nameIsGiven
    self.scorer = scorer
    self.corpus = corpus
    self.images = images
    self.shard = shard
    self.sample = sample
    self.limit = limit
    self.version = version
    self.machine = machine
    self.startedAt = startedAt
    self.reopensFinished = reopensFinished
    self.mismatches = mismatches
    self.reading = reading
  }
}

/// A run that is being filled.
package struct OpenRun: Sendable {
  /// The run's id in its store.
  package let id: Int64
  /// Its name, which is `NAME-2` if `NAME` was taken.
  package let name: ByteText
  /// Its scorer's id in its store.
  package let scorerID: Int64
  /// Whether it was begun by an earlier process.
  package let isContinued: Bool
  /// The records read so far.
  package let counts: RunCounts
  /// How the machines that worked for it differ; see ``MachineMix``.
  package let mix: String?
}

/// The run that a command refers to.
enum RunResolution {
  /// An existing run.
  case resumes(id: Int64, name: String)
  /// A new one.
  case begins(name: String)
}

extension RunRequest {
  /// Finds the run to continue, or the name for a new one; changes nothing.
  ///
  /// - Parameters:
  ///   - scorer: the scorer's id; `nil` if the store has none.
  ///   - db: the store.
  ///   - path: the store's path, for errors.
  /// - Returns: the run.
  /// - Throws: `runFinished`, `runDiffers` or `runNotFound` for a chosen name.
  func choice(scorer: Int64?, in db: Database, path: String) throws -> RunResolution {
    let runs = try candidates(scorer: scorer, in: db, path: path)
    for run in runs.reversed() where run.difference == nil {
      if nameIsGiven, run.isFinished, !reopensFinished { throw StoreError.runFinished(name: run.name) }
      if !run.isFinished || reopensFinished { return .resumes(id: run.id, name: run.name) }
    }
    if nameIsGiven, runs.isEmpty, reopensFinished {
      // Retrying faults by name requires an existing run.
      throw StoreError.runNotFound(name: name, known: try RunName.all(db))
    }
    if nameIsGiven, let taken = runs.first?.difference { throw StoreError.runDiffers(name: name, trait: taken) }
    return .begins(name: runs.isEmpty ? name : "\(name)-\(runs.count + 1)")
  }

  /// A run that has the asked name or one derived from it.
  struct Candidate {
    var id: Int64
    var name: String
    var isFinished: Bool
    /// The first trait by which it belongs to another command.
    var difference: RunTrait?
  }

  /// The runs that have the name, or one derived from it, oldest first.
  func candidates(scorer: Int64?, in db: Database, path: String) throws -> [Candidate] {
    var found: [Candidate] = []
    while true {
      let name = found.isEmpty ? self.name : "\(self.name)-\(found.count + 1)"
      let row = try Row.fetchOne(
        db, sql: "SELECT id, scorer_id, corpus, shard, state FROM run WHERE name = ?", arguments: [name])
      guard let row else { return found }
      let id: Int64 = try row.get(0)
      let (itsScorer, corpus, shard): (Int64, ByteText, ByteText?) = try (row.get(1), row.get(2), row.find(3))
      let counts = try RunCounts(run: id, in: db, path: path)
      let traits: [(RunTrait, Bool)] = [
        (.scorer, itsScorer == scorer), (.corpus, corpus == ByteText(self.corpus)),
        (.shard, shard == self.shard.map { ByteText($0) }),
        (.sample, counts.sample == self.sample.map { ByteText($0) }),
        (.limit, counts.limit == self.limit),
        (
          .parts,
          try counts.parts == RunCounts(reading: reading).parts
            && (division == nil || PartLedger.division(ofRun: id, in: db) == division)
        ),
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

/// The rules for a run's name, and finding the run that a name means.
package enum RunName {
  /// Rejects names that a shell or table cannot show: empty ones, over 200 bytes, or with control characters.
  static func check(_ name: String) throws(StoreError) {
    let isFine =
      !name.isEmpty && name.utf8.count <= 200 && !name.unicodeScalars.contains(where: \.isTerminalControl)
    guard isFine else { throw .invalidRunName(name: name) }
  }

  /// Every run's name, oldest first.
  static func all(_ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT name FROM run ORDER BY id")
  }

  /// The id of the run with a name, or of the latest run for `nil`; `path` is the store's.
  /// - Throws: `StoreError.runNotFound` with the existing names, or `noRuns`.
  package static func find(_ name: String?, in db: Database, path: String) throws -> Int64 {
    if let name { return try find(name, in: db) }
    guard let id = try Int64.fetchOne(db, sql: "SELECT max(id) FROM run") else { throw StoreError.noRuns(path: path) }
    return id
  }

  /// The id of the run with a name.
  static func find(_ name: String, in db: Database) throws -> Int64 {
    guard let id = try Int64.fetchOne(db, sql: "SELECT id FROM run WHERE name = ?", arguments: [name]) else {
      throw StoreError.runNotFound(name: name, known: try all(db))
    }
    return id
  }
}
