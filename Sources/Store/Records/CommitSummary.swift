/// By how much a commit changed a run's totals; the sum over all commits is the run's entries by state.
///
/// A number can be negative: a retried record is one fault less, and a post that turns up earlier than its
/// twin makes the twin a duplicate.
public struct CommitSummary: Equatable, Sendable {
  /// Rows scored with a picture.
  public var scored = 0
  /// Rows scored without one.
  public var withoutPicture = 0
  /// Rows whose post stands earlier in the corpus.
  public var duplicate = 0
  /// Rows lost.
  public var faulted = 0
  /// Rows among the first two that cost no inference.
  public var known = 0
  /// Posts that the store did not hold before.
  public var newPosts = 0
  /// Posts among those whose key the store held with other content.
  public var newVersions = 0
  /// Known posts whose other columns or date were added to or changed.
  public var updated = 0
  /// The columns of those.
  public var updatedColumns = ColumnNames()
  /// Duplicates that have another value than the post in other columns or the date: the first row's value stays.
  public var differing = 0
  /// The columns of those.
  public var differingColumns = ColumnNames()

  /// Creates a summary of nothing.
  public init() {}

  mutating func count(_ state: EntryState, by change: Int = 1) {
    switch state {
    case .scored: scored += change
    case .withoutPicture: withoutPicture += change
    case .duplicate: duplicate += change
    case .faulted: faulted += change
    case .forgotten: break
    }
  }
}
