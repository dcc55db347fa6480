/// What a merge did.
public struct MergeSummary: Equatable, Sendable {
  /// Posts that the output did not hold before.
  public var posts = 0
  /// Predictions that it did not hold before.
  public var predictions = 0
  /// Vectors that it did not hold before.
  public var vectors = 0
  /// Thumbnails that it did not hold before.
  public var thumbnails = 0
  /// Entries of runs that it did not hold before.
  public var entries = 0
  /// Predictions and vectors that differ a little, because other processors or libraries made them; the
  /// output keeps the first.
  public var nearlyEqual = 0
  /// Posts of the output that got columns they did not have.
  public var updated = 0
  /// The columns that they got.
  public var updatedColumns = ColumnNames()
  /// Posts of which an input has another value in other columns or the date; the output keeps its own.
  public var differing = 0
  /// The columns of those.
  public var differingColumns = ColumnNames()
  /// The runs of the inputs, as they are now in the output.
  public var runs: [MergedRun] = []
  /// What the output's user should know about how it was opened.
  public var notices: [StoreNotice] = []
}

/// A run of the inputs, as it is now in the output.
public struct MergedRun: Equatable, Sendable {
  /// The run's name.
  public var name: String
  /// The shards that are missing, as `--shard` takes them; empty for a whole run.
  public var missingShards: [String]
  /// How the machines that have worked for it differ; see ``MachineMix``.
  public var mix: String?
}
