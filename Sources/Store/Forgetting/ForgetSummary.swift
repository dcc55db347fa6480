/// What was removed for good.
public struct ForgetSummary: Equatable, Sendable {
  /// Keys that the store held something of.
  public var keys = 0
  /// Posts, every version counted.
  public var posts = 0
  /// Predictions of all scorers.
  public var predictions = 0
  /// Vectors of all scorers and spaces.
  public var vectors = 0
  /// Small pictures.
  public var thumbnails = 0
  /// True labels from all sources.
  public var labels = 0
  /// Faults, each of which named a key.
  public var faults = 0
  /// Entries of runs that say no more than that a row was forgotten.
  public var entries = 0
  /// The runs that these entries are of.
  public var runs = 0
  /// The keys of which the store holds nothing, in the order given.
  public var missing: [String] = []
  /// Why the file could not be written anew without the gaps, where it could not; the gaps hold zeros.
  public var uncompacted: StoreError?

  /// Creates a summary of nothing.
  public init() {}
}
