public import Evaluation

/// Everything a report says of one run, as values: small, whatever the store's size.
public struct ReportData: Equatable, Sendable {
  /// The run.
  public var run: RunFacts
  /// The model that scored it.
  public var scorer: ScorerFacts
  /// What the run can tell.
  public var capabilities: RunCapabilities
  /// What became of every row.
  public var ledger: Ledger
  /// The rows that could not be scored.
  public var faults: FaultSummary
  /// What was predicted, and how right that was.
  public var outcome: Outcome
  /// What the charts show beyond that.
  package var charts: ChartData
  /// The posts that are shown.
  public var shown = ShownPosts()
  /// What the model's folder says, where it was named.
  public var model: ModelFacts?
}

/// What a model's folder says of the model that scored a run.
public struct ModelFacts: Equatable, Sendable {
  /// The hash over everything that can change a score.
  public var fingerprint: String
  /// What the card says of how the model was made; empty where there is none.
  public var card: [Fact]
  /// The weight of the alignment losses in training; at 0 text and picture were not aligned.
  public var alpha: Double

  /// Facts of a folder.
  public init(fingerprint: String, card: [Fact], alpha: Double) {
    (self.fingerprint, self.card, self.alpha) = (fingerprint, card, alpha)
  }
}

/// What a run predicted, and how that compares with the truth.
public struct Outcome: Equatable, Sendable {
  /// The model's labels in its order, then any other that a prediction carries.
  public var labels: [String]
  /// Scored posts.
  public var posts: Int
  /// Scored posts in each slice.
  public var sliceCounts: [EvaluationSlice: Int]
  /// Scored posts with a picture but no text.
  public var withoutText: Int
  /// Scored posts whose text was cut at the model's limit.
  public var truncated: Int
  /// The mean share of word pieces the model does not know; `nil` without posts.
  public var meanUnknownShare: Double?
  /// Scored posts with a true label.
  public var labelled: Int
  /// Posts whose truth fell in the row for all further truths; 0 but for very many unknown labels.
  public var pooledTruths: Int
  /// How often each label was predicted.
  public var shares: [LabelShare]
  /// Matrices and metrics.
  public var evaluation: Evaluation
  /// How near text and picture stand.
  public var alignment: Alignment
  /// The label that counts as positive, where somebody named one; no report guesses it.
  public var positive: String?
}
