/// A post as a page shows it.
public struct ShownPost: Equatable, Sendable {
  /// The post's key.
  public var key: String
  /// The beginning of its text.
  public var text: String
  /// What the model says.
  public var predicted: String
  /// The model's probability of that; nil where nobody said how sure the run's system was.
  public var confidence: Double?
  /// What is true, where that is known.
  public var truth: String?
  /// The cosine of text and picture, where both are there.
  public var similarity: Double?
  /// Its picture.
  public var picture: ShownPicture
}

/// A post's picture as a page shows it.
public enum ShownPicture: Equatable, Sendable {
  /// The post has none.
  case absent
  /// A JPEG with its size in pixels.
  case jpeg([UInt8], width: Int, height: Int)
  /// It is neither in the store nor in the folder as it was scored.
  case lacking
  /// The reader is not to see it.
  case hidden
}

/// Posts of one true label that were predicted as another.
public struct ConfusedPair: Equatable, Sendable {
  /// The true label.
  public var truth: String
  /// The predicted label.
  public var predicted: String
  /// How many posts.
  public var count: Int
  /// A few of them: sure ones that are unlike each other.
  public var posts: [ShownPost]
}

/// A post that is worth a look, and why.
public struct NotablePost: Equatable, Sendable {
  /// Why somebody should look.
  public enum Reason: Equatable, Sendable {
    /// The model is sure of what is not true.
    case sureMistake
    /// The model cannot decide.
    case undecided
    /// Text and picture are far apart.
    case apart
  }

  /// The post.
  public var post: ShownPost
  /// Why it is shown.
  public var reason: Reason
}

/// The posts that a report shows, with their pictures.
public struct ShownPosts: Equatable, Sendable {
  /// The largest cells off the diagonal of the confusion matrix.
  public var confused: [ConfusedPair] = []
  /// Cells off the diagonal that are not among them.
  public var furtherPairs = 0
  /// Posts worth a look.
  public var notable: [NotablePost] = []
  /// Where the pictures came from.
  public var pictures = PictureTally(showing: .show)
}
