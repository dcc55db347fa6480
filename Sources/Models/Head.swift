internal import Glibc
internal import Tensors

/// The last steps: the text's tokens become one vector, the vector becomes a number for each label.
struct Head: Sendable {
  private let pooling: Pooling
  private let pooler: PackedLinear?
  private let classifier: PackedLinear
  private let dim: Int

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    // One row a post: f32 costs nothing here, and nothing comes after that could even out what rounding does.
    let weights = weights.with(.f32)
    dim = configuration.dim
    pooling = configuration.pooling
    if pooling == .cls {
      pooler = try weights.linear("pooler", inputs: dim, outputs: dim)
    } else {
      pooler = nil
      try weights.skipLinear("pooler", inputs: dim, outputs: dim)
    }
    classifier = try weights.linear("classifier", inputs: dim, outputs: configuration.labelNames.count)
  }

  /// One vector for each post.
  func pool(_ x: MatrixView, _ spans: RowSpans, using workspace: Workspace) throws(TensorError) -> Matrix {
    let pooled = try workspace.matrix(rows: spans.count, width: dim)
    for index in 0..<spans.count {
      let tokens = x.rows(spans[index])
      let vector =
        switch pooling {
        case .cls: tokens.values(ofRow: 0)
        case .mean: Vectors.mean(tokens)
        // The published code pads every text with zeros, so a zero always takes part.
        case .max: Vectors.maximum(tokens).map { $0 < 0 ? 0 : $0 }
        }
      pooled.row(index).update(from: vector, count: dim)
    }
    guard let pooler else { return pooled }
    let vectors = try pooler(pooled.view, using: workspace)
    for index in 0..<vectors.rows * dim { vectors.base[index] = tanh(vectors.base[index]) }
    return vectors
  }

  /// A number for each label of each post.
  func classify(_ pooled: MatrixView, using workspace: Workspace) throws(TensorError) -> MatrixView {
    try classifier(pooled, using: workspace).view
  }
}
