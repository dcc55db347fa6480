/// A run's faults by code, with a few examples of each.
public struct FaultSummary: Equatable, Sendable {
  /// One row that could not be scored.
  public struct Example: Equatable, Sendable {
    /// The corpus file.
    public var file: String
    /// The line an editor shows.
    public var line: Int
    /// The row's key, where it could be read.
    public var key: String?
    /// The stage of the way on which the row was lost.
    public var stage: String
    /// The file in question, where it is not the corpus.
    public var path: String?
    /// What was found.
    public var detail: String
  }

  /// One kind of trouble.
  public struct Group: Equatable, Sendable {
    /// The fault's code.
    public var code: String
    /// How many rows have it.
    public var count: Int
    /// The first of them by file and line, at most `FaultSummary.examples`.
    public var examples: [Example]
  }

  /// The most examples of a code.
  public static let examples = 5

  /// The codes, the commonest first.
  public var groups: [Group]
  /// Faults of codes beyond the listed ones.
  public var others: Int

  /// All faults.
  public var total: Int { groups.reduce(others) { $0 + $1.count } }
}
