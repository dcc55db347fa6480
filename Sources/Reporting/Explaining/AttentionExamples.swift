package import Explanation
package import Models
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
  /// What came of computing a report's notable posts again.
  package enum Outcome: Sendable {
    /// The posts in order.
    case posts([Post])
    /// None: the report hides or blurs its pictures.
    case hiddenPictures
    /// None: the report redacts its texts, and maps of single words would show what is hidden.
    case redactedTexts
    /// None: no file of theirs is at hand as it was scored; a model with feature streams reads two kinds of files.
    case missingFiles(hasFeatures: Bool)
  }

  /// Computes a report's notable posts again with the model that scored them, if the report may show what comes of it.
  ///
  /// - Parameters:
  ///   - data: the report's run.
  ///   - count: the most posts that are computed.
  ///   - redaction: the parts of texts that the report hides.
  ///   - model: the folder of the run's model.
  ///   - images: the folder of pictures; for nil they are where the run had them.
  ///   - features: the folder of feature files; for nil they are where pictures are.
  ///   - scored: a post as the run scored it; nil where its key does not say which one it is.
  ///   - shouldStop: asked before each post and while it is computed.
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
      // All posts of a run are of one scorer.
      let explainer =
        try loaded ?? PostExplainer(folder: model, scorer: post.scorer, images: images, features: features)
      loaded = explainer
      return try explainer.explained(post, shouldStop)
    }
    if posts.isEmpty, lacksFile { return .missingFiles(hasFeatures: !model.configuration.features.isEmpty) }
    return .posts(posts)
  }

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
