import Models
internal import Tensors

/// What one forward pass made of its only post on the way.
struct Stages: Sendable {
  /// Rows of tokens by the stage's name; a stage that the post has not is not there.
  private var rows: [String: Rows] = [:]

  /// Scores a post and keeps its stages.
  static func record(
    _ post: PostInputs, _ classifier: PostClassifier
  ) throws(ModelError) -> (scores: PostScores?, stages: Stages) {
    let workspace = classifier.makeWorkspace(), kept = Kept()
    workspace.onStage = { name, stage, spans in
      guard spans.count == 1, stage.width > 0 else { return }
      kept.stages.rows[name] = Rows(width: stage.width, values: spans[0].flatMap { stage.values(ofRow: $0) })
    }
    // Without a cache every part is encoded, so every stage is told.
    let scores = try classifier([post], using: workspace)
    return (scores.first, kept.stages)
  }

  private final class Kept {
    var stages = Stages()
  }

  /// The text's projected tokens, T × D.
  var text: Rows? { rows["text_tokens"] }
  /// The picture's projected tokens, P × D; nil for a post without one.
  var picture: Rows? { rows["image_tokens"] }
  /// The knowledge's projected tokens, K × D; nil where it is not read.
  var knowledge: Rows? { rows["knowledge_tokens"] }

  /// The projected rows of a stream of features, R × D; nil for a post that has none.
  func features(_ stream: String) -> Rows? { rows["\(stream)_tokens"] }

  /// The text's tokens after fusion layer `index`, T × D.
  func fusion(_ index: Int) -> Rows? { rows["fusion_\(index)"] }
}
