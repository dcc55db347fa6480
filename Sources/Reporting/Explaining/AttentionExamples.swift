package import Explanation
package import Results

/// Notable posts that were computed again for the attention of their words; or the reason why there are none.
package enum AttentionExamples: Sendable {
  /// A post, and what the model made of it.
  package typealias Post = (notable: NotablePost, explained: ExplainedPost)

  /// Nobody computed any, for this reason.
  case lacking(String)
  /// The posts in order.
  case posts([Post])

  /// What stands where a report was not given the model.
  package static let withoutModel = AttentionExamples.lacking(
    "Only the model itself can show which parts of the picture words attend to: give the report the folder of the model "
      + "that scored the run.")
}
