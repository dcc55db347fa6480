/// A part of a run's posts whose numbers are said apart: a post that lacks a side is another task.
public enum EvaluationSlice: String, Sendable, CaseIterable {
  /// Every scored post.
  case all
  /// Posts with a text and a picture.
  case bothSides = "both_sides"
  /// Posts without a picture, text only.
  case withoutPicture = "without_picture"

  /// The slice's name in a sentence.
  public var title: String {
    switch self {
    case .all: "all posts"
    case .bothSides: "with text and picture"
    case .withoutPicture: "without picture"
    }
  }
}
