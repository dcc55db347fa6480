/// How the projected text, picture and knowledge of a post become the one vector that the label is read from.
///
/// t, v and k below are the means of the projected tokens of the text, the picture and the knowledge; W and w are
/// learnt. What makes the model CLFA is the alignment before, so this is exchangeable.
public enum Aggregation: String, Sendable, CaseIterable {
  /// The text's tokens attend to themselves, the picture's and the knowledge's, layer after layer, and are pooled.
  case crossAttention = "cross-attention"
  /// W₂ ReLU(W₁ [t; v; k]); k only in a model with knowledge.
  case concat
  /// g t + (1 − g) v with g = σ(W [t; v]), number by number.
  case gated
  /// Parallel co-attention of the text's and the picture's tokens (Lu et al. 2016).
  case coAttention = "co-attention"
  /// t alone.
  case text
  /// v alone.
  case image

  /// Whether a third stream of words makes a difference to the scores of a model that has one.
  public var readsKnowledge: Bool { self == .crossAttention || self == .concat }
}
