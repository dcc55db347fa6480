internal import Glibc
internal import Tensors

/// g t + (1 − g) v with g = σ(W [t; v]): number by number, a gate chooses between the text's and the picture's mean.
struct GatedSum: Aggregator {
  private let gate: PackedLinear

  init(_ weights: ModelWeights, dim: Int) throws(ModelError) {
    // As in the head: one row a post, so f32 costs nothing.
    gate = try weights.with(.f32).linear("gate", inputs: 2 * dim, outputs: dim)
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let dim = posts.dim
    let means = try workspace.matrix(rows: posts.count, width: 2 * dim)
    for index in 0..<posts.count {
      means.row(index).update(from: posts.textMeans[index] + posts.pictureMean(index), count: 2 * dim)
    }
    let pooled = try gate(means.view, using: workspace)
    for index in 0..<posts.count {
      let row = pooled.row(index), text = means.row(index), picture = text + dim
      for column in 0..<dim {
        let share = 1 / (1 + exp(-row[column]))
        row[column] = share * text[column] + (1 - share) * picture[column]
      }
    }
    return pooled
  }
}
