/// A name and a value, as a report prints them side by side.
public struct Fact: Equatable, Sendable {
  /// What it is.
  public var name: String
  /// Its value in words.
  public var value: String
  /// An address on the web that tells more, in a PDF behind the value.
  public var link: String?

  /// A name with its value.
  public init(name: String, value: String, link: String? = nil) {
    (self.name, self.value, self.link) = (name, value, link)
  }
}

/// What a report says of a run.
public struct RunFacts: Equatable, Sendable {
  /// The run's row in the store.
  package var id: Int64
  /// Whether it is the store's latest run, which queries are about unless told otherwise.
  public var isLatest: Bool
  /// The run's name.
  public var name: String
  /// The corpus' files.
  public var corpus: String
  /// The pictures' folder as it was given.
  public var images: String?
  /// Which part of the corpus, `K/N`; `nil` when whole.
  public var shard: String?
  /// The version of the program that scored.
  public var version: String
  /// When the run began, UTC ISO 8601.
  public var startedAt: String
  /// When it ended.
  public var finishedAt: String?
  /// How it ended: `finished`, `interrupted` and so on.
  public var state: String
  /// The sample's share, where only a sample was scored.
  public var sample: String?
  /// The limit on rows, where there was one.
  public var limit: String?
  /// Why the run ended before its corpus did.
  public var stop: String?
  /// The machine that scored.
  public var machine: [Fact]
  /// How the machines that scored differ, where several did.
  public var mix: String?
  /// In what the corpus differs from what the model was trained on, in words; `nil` where nobody recorded that.
  public var mismatches: [String]?
}

/// What a report says of a scorer: a model at a precision with its options.
public struct ScorerFacts: Equatable, Sendable {
  /// The scorer's row in the store.
  package var id: Int64
  /// The model's name.
  public var modelName: String
  /// The hash over everything that can change a score, lower-case hex.
  public var fingerprint: String
  /// The precision it computed in.
  public var precision: String
  /// The options that matter to a result.
  public var options: [Fact]
  /// The labels in the model's order.
  public var labels: [String]

  /// Whether another system made the predictions, and they were only imported.
  package var isForeign: Bool { precision.utf8.elementsEqual("foreign".utf8) }
}
