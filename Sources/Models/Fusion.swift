internal import Glibc
internal import Tensors

/// The published aggregation: layer after layer, the text attends to itself and to the context; then it is pooled.
struct Fusion: Aggregator {
  private let layers: [FusionLayer]
  private let pooler: Pooler

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    layers = try FusionLayer.all(weights["fusion"], configuration)
    pooler = try Pooler(weights, configuration)
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    var streams = [posts.pictures]
    if let knowledge = posts.knowledge { streams.append(knowledge) }
    streams += posts.features
    let x = try workspace.matrix(rows: posts.text.rows, width: posts.dim)
    x.base.update(from: posts.text.base, count: x.rows * x.width)
    for (index, layer) in layers.enumerated() {
      try layer(x, posts.spans, textBiases: posts.textBiases, streams, using: workspace)
      workspace.note("fusion_\(index)", x.view, posts.spans)
    }
    return try pooler(x.view, posts.spans, using: workspace)
  }
}

/// The text attends to itself, then to each context stream, and then passes a feed-forward net; a norm follows each.
///
/// The streams are a list: their contents make no difference here, and they are not changed.
struct FusionLayer: Sendable {
  private let text: SelfAttention
  private let textNorm: LayerNorm
  private let context: [(layer: AttentionSource, attention: CrossAttention, norm: LayerNorm)]
  private let feedForward: FeedForward
  private let norm: LayerNorm

  /// Layer `index` of a model.
  init(_ weights: ModelWeights, _ configuration: ModelConfiguration, index: Int) throws(ModelError) {
    let dim = configuration.dim, heads = configuration.fusionHeads, epsilon = configuration.fusionEpsilon
    text = try SelfAttention(weights["text"], output: "output", width: dim, heads: heads)
    textNorm = try weights["text"].norm("norm", width: dim, epsilon: epsilon)
    var context: [(layer: AttentionSource, attention: CrossAttention, norm: LayerNorm)] = []
    for name in configuration.contextStreams {
      context.append(
        (
          layer: AttentionSource(index: index, stream: name),
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
      layers.append(try FusionLayer(weights[index], configuration, index: index))
    }
    return layers
  }

  /// Updates the text tokens x in place. `textBiases[i]`: post i's tokens × tokens, added to the scores.
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
        let attended = try layer.attention.attend(
          x.view, to: stream, spans, of: layer.layer, using: workspace
        ).view
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

/// Pools the text's tokens into one vector.
struct Pooler: Sendable {
  private let pooling: Pooling
  private let linear: PackedLinear?

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    // As in the head: there is one row per post, so f32 costs nothing.
    let weights = weights.with(.f32), dim = configuration.dim
    pooling = configuration.pooling
    if pooling == .cls {
      linear = try weights.linear("pooler", inputs: dim, outputs: dim)
    } else {
      linear = nil
      try weights.skipLinear("pooler", inputs: dim, outputs: dim)
    }
  }

  /// Returns one vector for each post.
  func callAsFunction(_ x: MatrixView, _ spans: RowSpans, using workspace: Workspace) throws(TensorError) -> Matrix {
    let pooled = try workspace.matrix(rows: spans.count, width: x.width)
    for index in 0..<spans.count {
      let tokens = x.rows(spans[index])
      let vector =
        switch pooling {
        case .cls: tokens.values(ofRow: 0)
        case .mean: VectorMath.mean(tokens)
        // The published code pads every text with zeros, so a zero always takes part in the maximum.
        case .max: VectorMath.maximum(tokens).map { $0 < 0 ? 0 : $0 }
        }
      pooled.row(index).update(from: vector, count: x.width)
    }
    guard let linear else { return pooled }
    let vectors = try linear(pooled.view, using: workspace)
    for index in 0..<vectors.rows * vectors.width { vectors.base[index] = tanh(vectors.base[index]) }
    return vectors
  }
}
