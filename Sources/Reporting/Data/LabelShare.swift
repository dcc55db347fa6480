/// How often a label was predicted, and how surely.
public struct LabelShare: Equatable, Sendable {
  /// The label.
  public var label: String
  /// The number of posts predicted as it.
  public var count: Int
  /// The mean of their confidences; `nil` without posts.
  public var meanConfidence: Double?
}
