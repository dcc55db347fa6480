public import Explanation
public import Inputs
import Models
public import Store

/// A post of a store, its picture, and what the model made of both.
public struct ExplainedPost: Sendable {
  /// The post's picture, or why it is not at hand.
  public enum Sight: Sendable {
    /// The post was scored without a picture.
    case none
    /// The picture that was scored.
    case picture(Picture)
    /// A small copy out of the store, and why it is not the picture itself.
    case thumbnail(Picture, reason: String)
    /// Nothing, and why.
    case lacking(reason: String)
  }

  /// The post as the store has it.
  public var post: ScoredPost
  /// Its picture.
  public var sight: Sight
  /// What the model made of it; nil where its picture or its features are not at hand, without which it is another post.
  public var explanation: Explanation?
  /// Why its features are not at hand; nil where they are, and where it has none.
  public var lackingFeatures: String?

  /// A post with what is known of it.
  public init(post: ScoredPost, sight: Sight, explanation: Explanation?, lackingFeatures: String? = nil) {
    (self.post, self.sight, self.explanation) = (post, sight, explanation)
    self.lackingFeatures = lackingFeatures
  }

  /// The largest difference of a label's probability now from the stored one; nil where nothing was computed.
  public var largestDifference: Double? {
    guard let explanation, explanation.probabilities.count == post.probabilities.count else { return nil }
    return zip(explanation.probabilities, post.probabilities).reduce(0) { max($0, abs(Double($1.0) - $1.1.value)) }
  }

  /// Whether the precision is another than the scorer's.
  var isOtherPrecision: Bool {
    explanation.map { !$0.precision.rawValue.utf8.elementsEqual(post.scorer.precision.utf8) } ?? false
  }
}
