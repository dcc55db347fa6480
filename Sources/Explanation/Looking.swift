public import Models

/// How a text looks at a picture in a model.
public enum Looking: Sendable {
  /// Cross-attention: for each fusion layer the probabilities T × P, each the mean of the heads; a piece's sum is 1.
  case attention([PatchMap])
  /// Co-attention: what pieces and picture tokens have to do with each other.
  case coAttention(CoAttentionMaps)
  /// Not at all, and why.
  case nowhere(Reason)

  /// Why a text does not look at a picture.
  public enum Reason: Sendable, Equatable {
    /// The post has no picture.
    case noPicture
    /// The aggregation has no attention from the text to the picture.
    case aggregation(Aggregation)
  }
}

/// What parallel co-attention makes of a text and a picture.
public struct CoAttentionMaps: Sendable, Equatable {
  /// tanh(T W Vᵀ), from −1 to 1: T × P.
  public var affinity: PatchMap
  /// The weight of each piece in the text's vector, T numbers; their sum is 1.
  public var pieceWeights: [Float]
  /// The weight of each picture token in the picture's vector, P numbers; their sum is 1.
  public var tokenWeights: [Float]
}
