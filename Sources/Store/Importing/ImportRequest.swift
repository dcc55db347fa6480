/// Another system's predictions as a run to be.
public struct ImportRequest: Sendable {
  /// The run's name.
  public var run: String
  /// The system's name, in the place of a model's.
  public var system: String
  /// What tells these predictions from others: `import:` and a hash of all of them.
  public var fingerprint: String
  /// The labels, in their order.
  public var labels: [String]
  /// Whether no row has probabilities.
  public var isHard: Bool
  /// The rows with a label and columns of probabilities, but nothing in them.
  public var rowsWithoutProbabilities = 0
  /// The rows that say how sure the system was.
  public var rowsWithConfidence = 0
  /// The file's name.
  public var file: String
  /// The rows of the file.
  public var rows: Int
  /// The program's version.
  public var version: String
  /// The time now: UTC in ISO 8601.
  public var startedAt: String

  /// Creates a request from its parts.
  public init(
    run: String, system: String, fingerprint: String, labels: [String], isHard: Bool, file: String, rows: Int,
    version: String, startedAt: String
  ) {
    (self.run, self.system, self.fingerprint, self.labels) = (run, system, fingerprint, labels)
    (self.isHard, self.file, self.rows, self.version, self.startedAt) = (isHard, file, rows, version, startedAt)
  }

  /// What stands for a model, a precision and options.
  func scorer(labels: [String]) -> ScorerRecord {
    ScorerRecord(
      modelFingerprint: fingerprint, modelName: system, precision: "foreign",
      options: isHard ? #"{"hard":true}"# : "{}", labels: labels)
  }
}

/// What an import brought.
public struct ImportSummary: Equatable, Sendable {
  /// Whether the run was there already, from the same predictions.
  public var wasThere = false
  /// Rows whose post has a picture.
  public var scored = 0
  /// Rows whose post has none.
  public var withoutPicture = 0
  /// Rows without a post, or without anything usable.
  public var faulted = 0
  /// Rows whose key has several contents in the store; the last one was taken.
  public var severalVersions = 0

  /// Nothing yet.
  public init(wasThere: Bool = false) { self.wasThere = wasThere }
}
