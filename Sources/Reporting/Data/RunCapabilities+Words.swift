extension RunCapabilities {
  /// Why a run cannot tell something, as it goes on after "since".
  public func reason(_ need: Need) -> String {
    if !tells(.posts) { return "no post was scored" }
    return switch need {
    case .posts: "no post was scored"
    case .truth: "no scored post has a true label"
    case .confidence:
      hasWholeProbabilities
        ? "all probabilities of the run are exactly 0 or 1, which say no more than its labels"
        : "the run has labels but no confidences"
    case .probabilities:
      if hasWholeProbabilities {
        "all probabilities of the run are exactly 0 or 1, which say no more than its labels"
      } else if tells(.confidence) {
        "the run has labels and confidences, but no probabilities of the other labels"
      } else {
        "the run has labels but no confidences"
      }
    case .pictures: "no scored post has a picture"
    case .similarity:
      isImported
        ? "the predictions are another system's, of which the store has no vectors"
        : "the store holds no cosine of a text and its picture"
    case .pairVectors:
      isImported
        ? "the predictions are another system's, of which the store has no vectors"
        : "the store holds no vectors of both text and picture"
    case .fusedVectors:
      isImported
        ? "the predictions are another system's, of which the store has no vectors"
        : "the store holds no fused vectors"
    case .pieces: "the predictions are another system's, which read the texts in its own way"
    case .dates: "no scored post has a date"
    }
  }
}
