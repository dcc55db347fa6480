package import Results

/// A section of a report; the raw value is its name in layouts.
package enum ReportBlock: String, Sendable, CaseIterable {
  /// The facts on the run: its corpus, times and machine.
  case run
  /// The facts on the model: its name, precision and options.
  case model
  /// The facts from the model's card, if `--model` names its folder.
  case card
  /// The outcome of every row.
  case ledger
  /// The rows that could not be scored, by code.
  case faults
  /// How often each label was predicted.
  case shares
  /// Each label's share by month.
  case overTime = "over-time"
  /// The confusion matrix.
  case confusion
  /// A strip of posts for each of the largest off-diagonal cells.
  case confused
  /// Accuracy, binary, macro and weighted scores by slice.
  case metrics
  /// Each label's precision, recall and F1.
  case labels
  /// Mean similarity of text and picture by true and predicted label.
  case alignment
  /// The distribution of the similarities.
  case similarity
  /// Every text of a small sample compared with every picture of it.
  case sample
  /// The main scores with intervals.
  case headline
  /// ROC curves, one label against the rest.
  case roc
  /// Precision–recall curves, one label against the rest.
  case precisionRecall = "precision-recall"
  /// Confidence against accuracy.
  case reliability
  /// The confidences of right and of wrong predictions.
  case confidence
  /// The cosines of own pairs of text and picture, and of other pairs.
  case density
  /// The rank at which each text finds its own picture.
  case retrieval
  /// Posts with features in a stream, compared with those without.
  case streams
  /// The attention of words to the picture, for posts to review.
  case attention
  /// A map of a sample of posts in the fused space.
  case map
  /// The accuracy for each value of a column.
  case slices
  case comparison
  /// Posts to review, with their pictures.
  case triage
  /// True labels that are probably wrong, with their posts.
  case labelIssues = "label-issues"

  /// The options that a layout may set.
  package var options: [SectionOption] {
    switch self {
    case .sample: [SampleBlock.posts]
    case .confused: [ConfusedBlock.cells, ConfusedBlock.posts]
    case .triage: [TriageBlock.posts]
    case .labelIssues: [LabelIssuesBlock.posts]
    case .attention: [AttentionBlock.posts]
    case .shares: [SharesBlock.labels]
    case .labels: [LabelsBlock.labels]
    default: []
    }
  }

  package var optionNames: [String] { options.map(\.name) }

  /// The capabilities that the section requires; if one is missing, a single line replaces the section. Sections with
  /// more specific reasons also check ``RunCapabilities`` themselves.
  package var needs: [RunCapabilities.Need] {
    switch self {
    case .headline: [.posts, .truth]
    case .roc, .precisionRecall: [.posts, .truth, .probabilities]
    case .reliability: [.posts, .truth, .confidence]
    case .confidence: [.posts, .confidence]
    case .overTime: [.posts, .dates]
    case .labelIssues: [.posts, .truth, .probabilities]
    default: []
    }
  }

  /// The section's subject, for the line that replaces it.
  var subject: String {
    switch self {
    case .headline: "Headline numbers"
    case .roc: "ROC curve"
    case .precisionRecall: "Precision–recall curve"
    case .overTime: "Shares over time"
    case .labelIssues: "Labels that are probably wrong"
    case .reliability: "Reliability"
    case .confidence: "Confidence"
    default: rawValue.prefix(1).uppercased() + rawValue.dropFirst()
    }
  }

  func pieces(_ context: BlockContext) -> [Piece] {
    if let lack = context.lack(self) { return [lack] }
    return drawn(context)
  }

  private func drawn(_ context: BlockContext) -> [Piece] {
    switch self {
    case .run: FactsBlock.run(context)
    case .model: FactsBlock.model(context)
    case .card: CardBlock.pieces(context)
    case .ledger: LedgerBlock.pieces(context)
    case .faults: FaultsBlock.pieces(context)
    case .shares: SharesBlock.pieces(context)
    case .overTime: OverTimeBlock.pieces(context)
    case .confusion: ConfusionBlock.pieces(context)
    case .confused: ConfusedBlock.pieces(context)
    case .metrics: MetricsBlock.pieces(context)
    case .labels: LabelsBlock.pieces(context)
    case .alignment: AlignmentBlock.pieces(context)
    case .similarity: SimilarityBlock.pieces(context)
    case .sample: SampleBlock.pieces(context)
    case .headline: HeadlineBlock.pieces(context)
    case .roc: RankingBlock.roc(context)
    case .precisionRecall: RankingBlock.precisionRecall(context)
    case .reliability: ReliabilityBlock.pieces(context)
    case .confidence: ConfidenceBlock.pieces(context)
    case .density: PairsBlock.density(context)
    case .retrieval: PairsBlock.retrieval(context)
    case .streams: StreamsBlock.pieces(context)
    case .attention: AttentionBlock.pieces(context)
    case .map: MapBlock.pieces(context)
    case .slices: SlicesBlock.pieces(context)
    case .comparison: ComparisonBlock.pieces(context)
    case .triage: TriageBlock.pieces(context)
    case .labelIssues: LabelIssuesBlock.pieces(context)
    }
  }
}
