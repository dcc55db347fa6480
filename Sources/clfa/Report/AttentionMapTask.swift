import Bytes
import Explanation
import Models
import Reporting
import Results
import Store

/// Computes a report's notable posts again, to get the attention of their words.
struct AttentionMapTask {
  let reader: StoreReader
  let data: ReportData
  let flags: ReportContentOptions
  /// The number of posts.
  let count: Int

  func looks(_ shouldStop: @escaping @Sendable () -> Bool) throws -> AttentionExamples {
    guard let model = flags.model else { return .withoutModel }
    guard data.shown.pictures.showing == .show else {
      return .lacking("Pictures are hidden or blurred, so attention maps are not shown either.")
    }
    guard flags.redaction.isEmpty else {
      return .lacking("Texts are redacted, and maps of single words would show what is hidden: leave out --redact.")
    }
    let folder = try ModelFolder.load(model)
    var task: PostExplainer?
    let (posts, lacksFile) = try AttentionExamples.compute(data.shown.notable, count: count) { shown in
      if shouldStop() { throw StandardOutput.WriteError.interrupted }
      return try scored(shown)
    } explain: { post in
      // All posts of a run have the same scorer.
      let loaded =
        try task
        ?? PostExplainer(
          folder: folder, scorer: post.scorer, images: flags.files.images, features: flags.files.features)
      task = loaded
      return try loaded.explained(post, shouldStop)
    }
    if posts.isEmpty, lacksFile {
      return .lacking(
        folder.configuration.features.isEmpty
          ? "The pictures of the notable posts were not found as they were scored; name their folder with --images FOLDER."
          : "The pictures or features of the notable posts were not found as they were scored; name their folders with "
            + "--images FOLDER and --features FOLDER."
      )
    }
    return .posts(posts)
  }

  /// The post as the run scored it; nil if its key has several contents.
  private func scored(_ shown: ShownPost) throws -> ScoredPost? {
    do {
      return try reader.scoredPost(shown.key, run: data.run.name)
    } catch is ScoredPostError {
      return nil
    }
  }
}
