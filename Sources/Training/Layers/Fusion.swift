internal import Models
internal import Tensors

/// The text attends to itself and to each context stream, then a feed-forward net; each with its norm behind the sum.
struct FusionBlock {
  private let streams: [Sublayer]
  private let feedForward: FeedForward
  private let norm: Norm

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration) {
    streams = (["text"] + configuration.contextStreams).map {
      Sublayer(parameters, "\(name).\($0)", configuration)
    }
    feedForward = FeedForward(parameters, name, .gelu)
    norm = Norm(parameters, name + ".norm", epsilon: configuration.fusionEpsilon)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let streams: [Sublayer.Saved]
    fileprivate let feedForward: FeedForward.Saved
    fileprivate let site: DropoutSite
    fileprivate let norm: Norm.Saved
  }

  func forward(
    _ x: Rows, _ texts: [Range<Int>], biases: [[Float]?], _ contexts: [Context], _ pass: Pass
  ) throws(TensorError) -> (y: Rows, saved: Saved) {
    var x = x, saved: [Sublayer.Saved] = []
    for (index, stream) in streams.enumerated() {
      let context = index == 0 ? nil : contexts[index - 1]
      let (y, streamSaved) = try stream.forward(x, texts, to: context, biases: context?.biases ?? biases, pass)
      saved.append(streamSaved)
      x = y
    }
    let sum = try pass.rows(x.count, x.width)
    let (fed, fedSaved) = try feedForward.forward(try pass.operand(x), pass)
    let site = DropoutSite(pass)
    try site.forward(fed, addedTo: x, into: sum, pass)
    let (y, normSaved) = try norm.forward(sum, pass)
    return (y, Saved(streams: saved, feedForward: fedSaved, site: site, norm: normSaved))
  }

  /// Turns the gradient by y into that by x; those by the contexts' tokens grow.
  func backward(_ d: Rows, _ saved: Saved, addingTo contexts: [Rows], _ pass: Pass) throws(TensorError) {
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
struct Context {
  let tokens: Operand
  let ranges: [Range<Int>]
  /// Text tokens × the post's tokens, added to the scores.
  let biases: [[Float]?]
}

/// LN(x + W·Attn(x, y) + b).
struct Sublayer {
  private let attention: Attention
  private let output: Linear
  private let norm: Norm

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration) {
    attention = Attention(parameters, name + ".attention", heads: configuration.fusionHeads, drops: true)
    output = Linear(parameters, name + ".output")
    norm = Norm(parameters, name + ".norm", epsilon: configuration.fusionEpsilon)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let attention: Attention.Saved
    fileprivate let attended: Operand
    fileprivate let site: DropoutSite
    fileprivate let norm: Norm.Saved
  }

  /// x attends to the context, or to itself where there is none.
  func forward(
    _ x: Rows, _ texts: [Range<Int>], to context: Context?, biases: [[Float]?], _ pass: Pass
  ) throws(TensorError) -> (y: Rows, saved: Saved) {
    let operand = try pass.operand(x)
    let (out, attentionSaved) = try attention.forward(
      operand, texts, to: context?.tokens ?? operand, context?.ranges ?? texts, biases: biases, pass)
    let attended = try pass.operand(out), sum = try pass.rows(x.count, x.width), site = DropoutSite(pass)
    try pass.temporarily { () throws(TensorError) in
      try site.forward(try output.forward(attended, pass), addedTo: x, into: sum, pass)
    }
    let (y, normSaved) = try norm.forward(sum, pass)
    return (y, Saved(attention: attentionSaved, attended: attended, site: site, norm: normSaved))
  }

  /// Turns the gradient by y into that by x; that by the context's tokens grows.
  func backward(_ d: Rows, _ saved: Saved, addingTo context: Rows?, _ pass: Pass) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      try norm.backward(d, saved.norm, pass)
      let kept = try saved.site.backward(d, pass), dOut = try pass.rows(d.count, d.width)
      try output.backward(kept, of: saved.attended, into: dOut, pass)
      try attention.backward(dOut, saved.attention, into: d, accumulating: true, addingTo: context ?? d, pass)
    }
  }
}
