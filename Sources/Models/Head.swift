internal import Tensors

/// The last step: the vector becomes a number for each label.
struct Head: Sendable {
  private let classifier: PackedLinear

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    // One row a post: f32 costs nothing here, and nothing comes after that could even out what rounding does.
    classifier = try weights.with(.f32).linear(
      "classifier", inputs: configuration.dim, outputs: configuration.labelNames.count)
  }

  /// A number for each label of each post.
  func callAsFunction(_ pooled: MatrixView, using workspace: Workspace) throws(TensorError) -> MatrixView {
    try classifier(pooled, using: workspace).view
  }
}
