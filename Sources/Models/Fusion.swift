internal import Tensors

/// The published aggregation: the text attends, layer after layer, to itself and to the context, and is pooled.
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
