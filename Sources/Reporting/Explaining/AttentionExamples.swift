package import Explanation
package import Results

/// Notable posts that were computed again for the attention of their words; or the reason why there are none.
package enum AttentionExamples: Sendable {
  /// A post, and what the model made of it.
  package typealias Post = (notable: NotablePost, explained: ExplainedPost)

  /// None were computed, for this reason.
  case lacking(String)
  /// The posts in order.
  case posts([Post])

  /// The reason shown in a report without the model.
  package static let withoutModel = AttentionExamples.lacking(
    "Only the model itself can show which parts of the picture words attend to: give the report the folder of the model "
      + "that scored the run.")
}

extension AttentionExamples {
  /// Computes the first posts worth a look again that have a picture, and that are stored with the text that is shown.
  ///
  /// - Parameters:
  ///   - notable: the posts worth a look, in the report's order.
  ///   - count: the most posts that are computed.
  ///   - scored: a post as the run scored it; nil where its key does not say which one it is.
  ///   - explain: computes a post again.
  /// - Returns: the posts that were computed, and whether others were not since a file of theirs is not at hand.
  package static func compute(
    _ notable: [NotablePost], count: Int, scored: (ShownPost) throws -> ScoredPost?,
    explain: (ScoredPost) throws -> ExplainedPost
  ) rethrows -> (posts: [Post], lacksFile: Bool) {
    var posts: [Post] = [], lacksFile = false
    for notable in notable where posts.count < count {
      guard let post = try scored(notable.post), post.text.utf8.starts(with: notable.post.text.utf8),
        post.pictureHash != nil
      else { continue }
      let explained = try explain(post)
      if explained.explanation == nil { lacksFile = true } else { posts.append((notable, explained)) }
    }
    return (posts, lacksFile)
  }
}
