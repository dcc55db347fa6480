internal import Tensors

/// The text attends to itself, then to each context stream, then passes a feed-forward net; a norm after each.
///
/// The streams are a list: what they hold makes no difference here, and they pass through unchanged.
struct FusionLayer: Sendable {
  private let text: SelfAttention
  private let textNorm: LayerNorm
  private let context: [(attention: CrossAttention, norm: LayerNorm)]
  private let feedForward: FeedForward
  private let norm: LayerNorm

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    let dim = configuration.dim, heads = configuration.fusionHeads, epsilon = configuration.fusionEpsilon
    text = try SelfAttention(weights["text"], output: "output", width: dim, heads: heads)
    textNorm = try weights["text"].norm("norm", width: dim, epsilon: epsilon)
    var context: [(attention: CrossAttention, norm: LayerNorm)] = []
    for name in configuration.contextStreams {
      context.append(
        (
          attention: try CrossAttention(weights[name], width: dim, heads: heads),
          norm: try weights[name].norm("norm", width: dim, epsilon: epsilon)
        ))
    }
    self.context = context
    feedForward = try FeedForward(weights, width: dim, hidden: configuration.fusionFeedForward)
    norm = try weights.norm("norm", width: dim, epsilon: epsilon)
  }

  /// All the layers of a model.
  static func all(
    _ weights: ModelWeights, _ configuration: ModelConfiguration
  ) throws(ModelError) -> [FusionLayer] {
    var layers: [FusionLayer] = []
    for index in 0..<configuration.fusionLayers {
      layers.append(try FusionLayer(weights[index], configuration))
    }
    return layers
  }

  /// Runs in place on the text tokens x. `textBiases[i]`: post i's tokens × tokens, added to the scores.
  func callAsFunction(
    _ x: Matrix, _ spans: RowSpans, textBiases: [[Float]?], _ streams: [ContextStream],
    using workspace: Workspace
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let attended = try text.attend(x.view, spans, bias: textBiases, using: workspace).view
      for (rows, x) in x.blocks {
        try text.add(attended.rows(rows), to: x, using: workspace)
        textNorm(x)
      }
      for (layer, stream) in zip(context, streams) {
        let attended = try layer.attention.attend(x.view, to: stream, spans, using: workspace).view
        for (rows, x) in x.blocks {
          try layer.attention.add(attended.rows(rows), to: x, using: workspace)
          layer.norm(x)
        }
      }
      for (_, x) in x.blocks {
        try feedForward.add(of: x.view, to: x, using: workspace)
        norm(x)
      }
    }
  }
}
