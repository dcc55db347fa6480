internal import Glibc
internal import Tensors

/// Parallel co-attention of text tokens T and picture tokens V (Lu et al. 2016, arXiv 1606.00061).
///
/// C = tanh(T W_b Vᵀ) says how much a text token and a picture token have to do with each other. Each side's tokens
/// are weighted by what they and the related ones of the other side say: softmax(tanh(T W_t + C V W_v) w_t) over the
/// text's, softmax(tanh(V W_v + Cᵀ T W_t) w_v) over the picture's. The sum of both weighted means is the post's
/// vector. No biases.
struct CoAttention: Aggregator {
  /// W_b and W_t, which both multiply the text's tokens, side by side.
  private let affinityAndText: PackedLinear
  private let image: PackedLinear
  private let textScore: [Float]
  private let imageScore: [Float]

  init(_ weights: ModelWeights, dim: Int) throws(ModelError) {
    affinityAndText = try weights.linear(joining: ["affinity", "text"], inputs: dim, outputs: dim, biased: false)
    image = try weights.linear(joining: ["image"], inputs: dim, outputs: dim, biased: false)
    textScore = try weights.values("text_score.weight", [1, dim])
    imageScore = try weights.values("image_score.weight", [1, dim])
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let dim = posts.dim
    let pooled = try workspace.matrix(rows: posts.count, width: dim)
    try workspace.temporarily { () throws(TensorError) in
      let words = try affinityAndText(posts.text, using: workspace).view
      let patches = try image(posts.pictures.tokens, using: workspace).view
      for index in 0..<posts.count {
        let tokens = posts.spans[index], seen = posts.pictures.ranges[index]
        let text = posts.text.rows(tokens), picture = posts.pictures.tokens.rows(seen)
        let words = words.rows(tokens), spoken = words.columns(dim..<2 * dim), patches = patches.rows(seen)
        try workspace.temporarily { () throws(TensorError) in
          let related = try affinity(words.columns(0..<dim), picture, using: workspace)
          let sum = pooled.row(index)
          sum.update(repeating: 0, count: dim)
          add(text, weighing: spoken, by: textScore, patches, to: sum) { related.row($0)[$1] }
          add(picture, weighing: patches, by: imageScore, spoken, to: sum) { related.row($1)[$0] }
        }
      }
    }
    return pooled
  }

  /// tanh(a·bᵀ): text tokens × picture tokens.
  private func affinity(
    _ a: MatrixView, _ b: MatrixView, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let affinity = try workspace.matrix(rows: a.rows, width: b.rows)
    workspace.operations += 2 * a.rows * b.rows * a.width
    for row in 0..<a.rows {
      for column in 0..<b.rows {
        affinity.row(row)[column] = tanh(Vectors.dot(a.row(row), b.row(column), count: a.width))
      }
    }
    return affinity
  }

  /// Adds the mean of `tokens` to `sum`, token i weighted by the softmax of score · tanh(own_i + Σⱼ related(i, j) otherⱼ).
  private func add(
    _ tokens: MatrixView, weighing own: MatrixView, by score: [Float], _ other: MatrixView,
    to sum: UnsafeMutablePointer<Float>, _ related: (Int, Int) -> Float
  ) {
    let dim = own.width
    var scores: [Float] = []
    for token in 0..<own.rows {
      var said = own.values(ofRow: token)
      for index in 0..<other.rows {
        let weight = related(token, index), row = other.row(index)
        for column in 0..<dim { said[column] += weight * row[column] }
      }
      for column in 0..<dim { said[column] = tanh(said[column]) }
      scores.append(Vectors.dot(said, score, count: dim))
    }
    for (token, weight) in scores.softmax().enumerated() {
      let row = tokens.row(token)
      for column in 0..<dim { sum[column] += weight * row[column] }
    }
  }
}
