import Corpus

/// The values of a row's post and prediction in the store that follow from them: worked out apart, so that a thread that
/// reads rows can do it for the one that writes them.
struct DerivedValues: Sendable {
  /// The other columns as JSON.
  let extra: String
  let group: RepostGroup
  /// The probabilities as JSON.
  let probabilities: String?

  init(_ post: PostRecord, _ prediction: PredictionRecord?) {
    (extra, group, probabilities) = (post.extraJSON, post.repostGroup, prediction?.probabilitiesJSON)
  }

  /// The values of a row; nil for a fault.
  init?(_ row: LedgerRow) {
    guard case .post(let post, let prediction) = row.outcome else { return nil }
    self.init(post, prediction)
  }
}
