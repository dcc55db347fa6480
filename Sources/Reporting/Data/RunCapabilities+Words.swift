extension RunCapabilities {
  /// Why a run cannot tell something, as it goes on after "since".
  public func reason(_ need: Need) -> String {
    if !tells(.posts) { return "no post was scored" }
    return switch need {
    case .posts: "no post was scored"
    case .truth: "no scored post has a true label"
    case .confidence: "the run holds labels alone, and nobody said how sure its system was"
    case .probabilities: "the run holds labels alone, without the probabilities of the others"
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
