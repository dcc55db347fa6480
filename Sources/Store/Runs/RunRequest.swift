/// What a scoring command asks of the store: the run to begin or to continue.
public struct RunRequest: Sendable {
  /// The run's name: `--run`'s value, or the corpus' stem.
  public var name: String
  /// Whether a person chose the name.
  public var nameIsGiven: Bool
  /// The scorer.
  public var scorer: ScorerRecord
  /// The corpus: its files' names joined by ` + `.
  public var corpus: String
  /// The pictures' folder as given.
  public var images: String?
  /// `K/N`; `nil` for the whole corpus.
  public var shard: String?
  /// The share that `--sample` asks for, as written.
  public var sample: String?
  /// The number of rows that `--limit` allows.
  public var limit: Int?
  /// The program's version.
  public var version: String
  /// The machine, as a JSON object.
  public var machine: String
  /// The time now: UTC in ISO 8601.
  public var startedAt: String
  /// Whether a finished run of the same command is opened again, as `--retry-faults` needs.
  public var reopensFinished: Bool
  /// In what the corpus differs from what the model was trained on, a JSON array; `nil` where nobody looked.
  public var mismatches: String?
  /// How the corpus is read, as flags say it.
  public var reading: [ReadingFlag]

  /// Creates a request from its parts.
  public init(
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
public struct OpenRun: Sendable {
  /// The run's id in its store.
  public let id: Int64
  /// Its name, which may be `NAME-2` where `NAME` was taken.
  public let name: String
  /// Its scorer's id in its store.
  public let scorerID: Int64
  /// Whether it was begun by an earlier process.
  public let isContinued: Bool
  /// What it has read so far.
  public let counts: RunCounts
  /// How the machines that have worked for it differ; see ``MachineMix``.
  public let mix: String?
}
