internal import Glibc
internal import Tensors

/// The text's tokens become one vector.
struct Pooler: Sendable {
  private let pooling: Pooling
  private let linear: PackedLinear?

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    // As in the head: one row a post, so f32 costs nothing.
    let weights = weights.with(.f32), dim = configuration.dim
    pooling = configuration.pooling
    if pooling == .cls {
      linear = try weights.linear("pooler", inputs: dim, outputs: dim)
    } else {
      linear = nil
      try weights.skipLinear("pooler", inputs: dim, outputs: dim)
    }
  }

  /// One vector for each post.
  func callAsFunction(_ x: MatrixView, _ spans: RowSpans, using workspace: Workspace) throws(TensorError) -> Matrix {
    let pooled = try workspace.matrix(rows: spans.count, width: x.width)
    for index in 0..<spans.count {
      let tokens = x.rows(spans[index])
      let vector =
        switch pooling {
        case .cls: tokens.values(ofRow: 0)
        case .mean: Vectors.mean(tokens)
        // The published code pads every text with zeros, so a zero always takes part.
        case .max: Vectors.maximum(tokens).map { $0 < 0 ? 0 : $0 }
        }
      pooled.row(index).update(from: vector, count: x.width)
    }
    guard let linear else { return pooled }
    let vectors = try linear(pooled.view, using: workspace)
    for index in 0..<vectors.rows * vectors.width { vectors.base[index] = tanh(vectors.base[index]) }
    return vectors
  }
}
