package import Explanation
package import Models
package import Results

/// Posts to review that were computed again for their attention maps, or the reason why there are none.
package enum AttentionExamples: Sendable {
  /// A post with its explanation.
  package typealias Post = (notable: NotablePost, explained: ExplainedPost)

  /// There are none, for this reason.
  case lacking(String)
  /// The posts in order.
  case posts([Post])

  /// The reason shown in a report without the model.
  package static let withoutModel = AttentionExamples.lacking(
    "Only the model itself can show which parts of the picture words attend to: give the report the folder of the model "
      + "that scored the run.")
}

extension AttentionExamples {
  /// The result of computing a report's posts to review again.
  package enum Outcome: Sendable {
    /// The posts in order.
    case posts([Post])
    /// None, because the report hides or blurs pictures.
    case hiddenPictures
    /// None, because the report redacts texts, and maps of single words would show what is hidden.
    case redactedTexts
    /// None, because no picture (or feature file, if `hasFeatures`) is available as it was scored.
    case missingFiles(hasFeatures: Bool)
  }

  /// Computes a report's posts to review again with the model that scored them, if the report may show attention maps.
  ///
  /// - Parameters:
  ///   - data: the report's run.
  ///   - count: the most posts to compute.
  ///   - redaction: the parts of texts that the report hides.
  ///   - model: the folder of the run's model.
  ///   - images: the folder of pictures; nil for the run's own folder.
  ///   - features: the folder of feature files; nil for the folder of pictures.
  ///   - scored: a post as the run scored it; nil where its key does not say which one it is.
  ///   - shouldStop: called before each post and while it is computed; true cancels.
  /// - Returns: the posts, or why there are none.
  /// - Throws: `ExplanationError`, `.interrupted` among them, and what reading the model and `scored` throw.
  package static func compute(
    _ data: ReportData, count: Int, redaction: Redaction, model: ModelFolder, images: String?, features: String?,
    scored: (ShownPost) throws -> ScoredPost?, shouldStop: @escaping @Sendable () -> Bool
  ) throws -> Outcome {
    guard data.shown.pictures.showing == .show else { return .hiddenPictures }
    guard redaction.isEmpty else { return .redactedTexts }
    var loaded: PostExplainer?
    let (posts, lacksFile) = try compute(data.shown.notable, count: count) { shown in
      if shouldStop() { throw ExplanationError.interrupted }
      return try scored(shown)
    } explain: { post in
      // All posts of a run have the same scorer.
      let explainer =
        try loaded ?? PostExplainer(folder: model, scorer: post.scorer, images: images, features: features)
      loaded = explainer
      return try explainer.explained(post, shouldStop)
    }
    if posts.isEmpty, lacksFile { return .missingFiles(hasFeatures: !model.configuration.features.isEmpty) }
    return .posts(posts)
  }

  /// Computes the first posts to review again that have a picture and whose stored text is the one shown.
  ///
  /// - Parameters:
  ///   - notable: the posts to review, in the report's order.
  ///   - count: the most posts to compute.
  ///   - scored: a post as the run scored it; nil where its key does not say which one it is.
  ///   - explain: computes the explanation of a post.
  /// - Returns: the computed posts, and whether others were left out because a file is not available.
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
