internal import Models
internal import Tensors

/// How a post's streams become the one vector that its label is read from.
enum AggregationLayer {
  /// The text attends to the other streams, layer by layer, and is pooled: the paper's.
  case crossAttention(CrossAttentionLayers)
  /// Two products on the streams' means, end to end.
  case concat(ConcatLayer)
  /// A gate between the text's and the picture's mean.
  case gated(GatedLayer)
  /// Parallel co-attention of the text's and the picture's tokens.
  case coAttention(CoAttentionLayer)
  /// The text's mean alone.
  case text
  /// The picture's mean alone.
  case image

  init(_ parameters: Parameters, _ configuration: ModelConfiguration) {
    switch configuration.aggregation {
    case .crossAttention: self = .crossAttention(CrossAttentionLayers(parameters, configuration))
    case .concat: self = .concat(ConcatLayer(parameters))
    case .gated: self = .gated(GatedLayer(parameters))
    case .coAttention: self = .coAttention(CoAttentionLayer(parameters))
    case .text: self = .text
    case .image: self = .image
    }
  }

  /// What the way back needs.
  enum Saved {
    case crossAttention(CrossAttentionLayers.Saved)
    case concat(ConcatLayer.Saved)
    case gated(GatedLayer.Saved)
    case coAttention(CoAttentionLayer.Saved)
    case nothing
  }

  /// A vector a post.
  func forward(_ streams: Streams, _ pass: Pass) throws(TensorError) -> (pooled: Rows, saved: Saved) {
    switch self {
    case .crossAttention(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .crossAttention(saved))
    case .concat(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .concat(saved))
    case .gated(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .gated(saved))
    case .coAttention(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .coAttention(saved))
    case .text: return (streams.textMean, .nothing)
    case .image: return (streams.imageMean, .nothing)
    }
  }

  /// Adds to the gradients by the streams.
  func backward(
    _ d: Rows, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: Pass
  ) throws(TensorError) {
    switch (self, saved) {
    case (.crossAttention(let layer), .crossAttention(let saved)):
      try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.concat(let layer), .concat(let saved)): try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.gated(let layer), .gated(let saved)): try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.coAttention(let layer), .coAttention(let saved)):
      try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.text, .nothing): try pass.add(d, to: gradients.textMean)
    case (.image, .nothing): try pass.add(d, to: gradients.imageMean)
    default: preconditionFailure("a layer goes back over what it kept")
    }
  }
}
