internal import Tensors

/// W₂ ReLU(W₁ [t; v; k]) of the modalities' means; k only in a model with knowledge.
struct Concat: Aggregator {
  private let hidden: PackedLinear
  private let shared: PackedLinear

  init(_ weights: ModelWeights, dim: Int, knowledge: Bool) throws(ModelError) {
    // As in the head: one row a post, so f32 costs nothing.
    let weights = weights.with(.f32)
    hidden = try weights.linear("fc1", inputs: dim * (knowledge ? 3 : 2), outputs: dim)
    shared = try weights.linear("fc2", inputs: dim, outputs: dim)
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let means = try workspace.matrix(rows: posts.count, width: hidden.inputs)
    for index in 0..<posts.count {
      var row = posts.textMeans[index] + posts.pictureMean(index)
      if let knowledge = posts.knowledge {
        row += Vectors.mean(knowledge.tokens.rows(knowledge.ranges[index]))
      }
      means.row(index).update(from: row, count: row.count)
    }
    return try shared(hidden(means.view, .relu, using: workspace).view, using: workspace)
  }
}
