internal import Models
internal import Tensors

/// The fusion layers, one after another, and the pooling after them.
struct CrossAttentionLayers {
  private let blocks: [FusionBlock]
  private let pooling: PoolingLayer

  init(_ parameters: Parameters, _ configuration: ModelConfiguration) {
    blocks = (0..<configuration.fusionLayers).map { FusionBlock(parameters, "fusion.\($0)", configuration) }
    pooling = PoolingLayer(parameters, configuration.pooling)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let blocks: [FusionBlock.Saved]
    fileprivate let pooling: PoolingLayer.Saved
  }

  func forward(_ streams: Streams, _ pass: StepContext) throws(TensorError) -> (pooled: Matrix, saved: Saved) {
    let none = [[Float]?](repeating: nil, count: streams.posts)
    var contexts = [
      FusionContext(tokens: try pass.operand(streams.image.tokens), ranges: streams.image.ranges, biases: none)
    ]
    if let knowledge = streams.knowledge {
      contexts.append(
        FusionContext(tokens: try pass.operand(knowledge.tokens), ranges: knowledge.ranges, biases: streams.crossBiases)
      )
    }
    for stream in streams.features {
      contexts.append(FusionContext(tokens: try pass.operand(stream.tokens), ranges: stream.ranges, biases: none))
    }
    var x = streams.text.tokens, saved: [FusionBlock.Saved] = []
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
    _ d: Matrix, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let dx = try pass.matrix(streams.text.tokens.rows, streams.text.tokens.width)
      try pooling.backward(d, saved.pooling, into: dx, pass)
      let contexts = [gradients.image] + (gradients.knowledge.map { [$0] } ?? []) + gradients.features
      for (block, saved) in zip(blocks, saved.blocks).reversed() {
        try block.backward(dx, saved, addingTo: contexts, pass)
      }
      try pass.add(dx, to: gradients.text)
    }
  }
}

/// The text attends to itself and to each context stream, then passes a feed-forward net; each step has its norm after
/// the sum.
struct FusionBlock {
  private let streams: [Sublayer]
  private let feedForward: FeedForwardLayer
  private let norm: NormLayer

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration) {
    streams = (["text"] + configuration.contextStreams).map {
      Sublayer(parameters, "\(name).\($0)", configuration)
    }
    feedForward = FeedForwardLayer(parameters, name, .gelu)
    norm = NormLayer(parameters, name + ".norm", epsilon: configuration.fusionEpsilon)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let streams: [Sublayer.Saved]
    fileprivate let feedForward: FeedForwardLayer.Saved
    fileprivate let site: DropoutSite
    fileprivate let norm: NormLayer.Saved
  }

  func forward(
    _ x: Matrix, _ texts: [Range<Int>], biases: [[Float]?], _ contexts: [FusionContext], _ pass: StepContext
  ) throws(TensorError) -> (y: Matrix, saved: Saved) {
    var x = x, saved: [Sublayer.Saved] = []
    for (index, stream) in streams.enumerated() {
      let context = index == 0 ? nil : contexts[index - 1]
      let (y, streamSaved) = try stream.forward(x, texts, to: context, biases: context?.biases ?? biases, pass)
      saved.append(streamSaved)
      x = y
    }
    let sum = try pass.matrix(x.rows, x.width)
    let (fed, fedSaved) = try feedForward.forward(try pass.operand(x), pass)
    let site = DropoutSite(pass)
    try site.forward(fed, addedTo: x, into: sum, pass)
    let (y, normSaved) = try norm.forward(sum, pass)
    return (y, Saved(streams: saved, feedForward: fedSaved, site: site, norm: normSaved))
  }

  /// Converts the gradient with respect to y into that with respect to x; adds to those of the contexts' tokens.
  func backward(_ d: Matrix, _ saved: Saved, addingTo contexts: [Matrix], _ pass: StepContext)
    throws(TensorError)
  {
    try pass.temporarily { () throws(TensorError) in
      try norm.backward(d, saved.norm, pass)
      let kept = try saved.site.backward(d, pass)
      try feedForward.backward(kept, saved.feedForward, into: d, accumulating: true, pass)
    }
    for index in streams.indices.reversed() {
      let context = index == 0 ? nil : contexts[index - 1]
      try streams[index].backward(d, saved.streams[index], addingTo: context, pass)
    }
  }
}

/// A stream that the text attends to, packed: each post's tokens.
struct FusionContext {
  let tokens: Operand
  let ranges: [Range<Int>]
  /// Text tokens × the post's tokens, added to the scores.
  let biases: [[Float]?]
}

/// LN(x + W·Attn(x, y) + b).
struct Sublayer {
  private let attention: AttentionLayer
  private let output: Linear
  private let norm: NormLayer

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration) {
    attention = AttentionLayer(parameters, name + ".attention", heads: configuration.fusionHeads, drops: true)
    output = Linear(parameters, name + ".output")
    norm = NormLayer(parameters, name + ".norm", epsilon: configuration.fusionEpsilon)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let attention: AttentionLayer.Saved
    fileprivate let attended: Operand
    fileprivate let site: DropoutSite
    fileprivate let norm: NormLayer.Saved
  }

  /// x attends to the context, or to itself if there is no context.
  func forward(
    _ x: Matrix, _ texts: [Range<Int>], to context: FusionContext?, biases: [[Float]?], _ pass: StepContext
  ) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let operand = try pass.operand(x)
    let (out, attentionSaved) = try attention.forward(
      operand, texts, to: context?.tokens ?? operand, context?.ranges ?? texts, biases: biases, pass)
    let attended = try pass.operand(out), sum = try pass.matrix(x.rows, x.width), site = DropoutSite(pass)
    try pass.temporarily { () throws(TensorError) in
      try site.forward(try output.forward(attended, pass), addedTo: x, into: sum, pass)
    }
    let (y, normSaved) = try norm.forward(sum, pass)
    return (y, Saved(attention: attentionSaved, attended: attended, site: site, norm: normSaved))
  }

  /// Converts the gradient with respect to y into that with respect to x; adds to that of the context's tokens.
  func backward(_ d: Matrix, _ saved: Saved, addingTo context: Matrix?, _ pass: StepContext) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      try norm.backward(d, saved.norm, pass)
      let kept = try saved.site.backward(d, pass), dOut = try pass.matrix(d.rows, d.width)
      try output.backward(kept, of: saved.attended, into: dOut, pass)
      try attention.backward(dOut, saved.attention, into: d, accumulating: true, addingTo: context ?? d, pass)
    }
  }
}
