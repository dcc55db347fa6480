internal import Models
internal import Tensors

/// The fusion layers one after another, and the pooling behind them.
struct CrossAttentionLayers {
  private let blocks: [FusionBlock]
  private let pooling: PoolingLayer

  init(_ parameters: Parameters, _ configuration: ModelConfiguration) {
    blocks = (0..<configuration.fusionLayers).map { FusionBlock(parameters, "fusion.\($0)", configuration) }
    pooling = PoolingLayer(parameters, configuration.pooling)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let blocks: [FusionBlock.Saved]
    fileprivate let pooling: PoolingLayer.Saved
  }

  func forward(_ streams: Streams, _ pass: Pass) throws(TensorError) -> (pooled: Rows, saved: Saved) {
    let none = [[Float]?](repeating: nil, count: streams.posts)
    var contexts = [
      Context(tokens: try pass.operand(streams.image.rows), ranges: streams.image.ranges, biases: none)
    ]
    if let knowledge = streams.knowledge {
      contexts.append(
        Context(tokens: try pass.operand(knowledge.rows), ranges: knowledge.ranges, biases: streams.crossBiases))
    }
    for stream in streams.features {
      contexts.append(Context(tokens: try pass.operand(stream.rows), ranges: stream.ranges, biases: none))
    }
    var x = streams.text.rows, saved: [FusionBlock.Saved] = []
    for block in blocks {
      let (y, blockSaved) = try block.forward(
        x, streams.text.ranges, biases: streams.selfBiases, contexts, pass)
      saved.append(blockSaved)
      x = y
    }
    let (pooled, poolingSaved) = try pooling.forward(x, streams.text.ranges, pass)
    return (pooled, Saved(blocks: saved, pooling: poolingSaved))
  }

  func backward(
    _ d: Rows, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: Pass
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let dx = try pass.rows(streams.text.rows.count, streams.text.rows.width)
      try pooling.backward(d, saved.pooling, into: dx, pass)
      let contexts = [gradients.image] + (gradients.knowledge.map { [$0] } ?? []) + gradients.features
      for (block, saved) in zip(blocks, saved.blocks).reversed() {
        try block.backward(dx, saved, addingTo: contexts, pass)
      }
      try pass.add(dx, to: gradients.text)
    }
  }
}
