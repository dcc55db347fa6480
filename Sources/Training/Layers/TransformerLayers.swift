internal import Models
internal import Tensors

/// The layer of ViTs, and of CLIP's and SigLIP's text encoders, with a norm before each half: x + Attn(LN(x)), then x +
/// FFN(LN(x)).
///
/// Dropout is as in a ViT: between the feed-forward net's products and after it.
struct PreNormLayer {
  private let attentionNorm: NormLayer
  private let attention: AttentionLayer
  private let output: Linear
  private let feedForwardNorm: NormLayer
  private let feedForward: FeedForwardLayer

  /// A picture encoder's.
  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration.Image) {
    self.init(
      parameters, name, norms: ("norm1", "norm2"), heads: configuration.heads, epsilon: configuration.epsilon,
      configuration.activation)
  }

  /// A text encoder's.
  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration.Text) {
    self.init(
      parameters, name, norms: ("attention_norm", "output_norm"), heads: configuration.heads,
      epsilon: configuration.epsilon, configuration.activation)
  }

  private init(
    _ parameters: Parameters, _ name: String, norms: (attention: String, feedForward: String), heads: Int,
    epsilon: Double, _ activation: EncoderActivation
  ) {
    attentionNorm = NormLayer(parameters, "\(name).\(norms.attention)", epsilon: epsilon)
    attention = AttentionLayer(parameters, name + ".attention", heads: heads, drops: false)
    output = Linear(parameters, name + ".attention_output")
    feedForwardNorm = NormLayer(parameters, "\(name).\(norms.feedForward)", epsilon: epsilon)
    feedForward = FeedForwardLayer(parameters, name, activation.activation, dropsInside: true)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let attentionNorm: NormLayer.Saved
    fileprivate let attention: AttentionLayer.Saved
    fileprivate let attended: Operand
    fileprivate let feedForwardNorm: NormLayer.Saved
    fileprivate let feedForward: FeedForwardLayer.Saved
    fileprivate let outputSite: DropoutSite
  }

  /// `sequences`: the rows of each picture or text; `isCausal`: whether a token attends only to itself and to those
  /// before it.
  func forward(
    _ x: Matrix, _ sequences: [Range<Int>], isCausal: Bool = false, _ pass: StepContext
  ) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let (normed, normSaved) = try attentionNorm.forward(x, pass)
    let operand = try pass.operand(normed)
    let (out, attentionSaved) = try attention.forward(
      operand, sequences, to: operand, sequences, isCausal: isCausal, pass)
    let attended = try pass.operand(out), middle = try output.forward(attended, pass)
    try pass.add(x, to: middle)

    let (fedNormed, fedNormSaved) = try feedForwardNorm.forward(middle, pass)
    let y = try pass.matrix(x.rows, x.width)
    let (fed, fedSaved) = try feedForward.forward(try pass.operand(fedNormed), pass)
    let site = DropoutSite(pass)
    try site.forward(fed, addedTo: middle, into: y, pass)
    return (
      y,
      Saved(
        attentionNorm: normSaved, attention: attentionSaved, attended: attended, feedForwardNorm: fedNormSaved,
        feedForward: fedSaved, outputSite: site)
    )
  }

  /// Converts the gradient with respect to y into that with respect to x.
  func backward(_ d: Matrix, _ saved: Saved, _ pass: StepContext) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let normed = try pass.matrix(d.rows, d.width)
      normed.clearPadding()
      try feedForward.backward(
        try saved.outputSite.backward(d, pass), saved.feedForward, into: normed, accumulating: false, pass)
      try feedForwardNorm.backward(normed, saved.feedForwardNorm, addingTo: d, pass)
    }
    try pass.temporarily { () throws(TensorError) in
      let dOut = try pass.matrix(d.rows, d.width), normed = try pass.matrix(d.rows, d.width)
      try output.backward(d, of: saved.attended, into: dOut, pass)
      try attention.backward(dOut, saved.attention, into: normed, accumulating: false, addingTo: normed, pass)
      try attentionNorm.backward(normed, saved.attentionNorm, addingTo: d, pass)
    }
  }
}

/// BERT's layer, with a norm after each sum: LN(x + Attn(x)), then LN(x + FFN(x)).
struct PostNormLayer {
  private let attention: AttentionLayer
  private let output: Linear
  private let attentionNorm: NormLayer
  private let feedForward: FeedForwardLayer
  private let outputNorm: NormLayer

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration.Text) {
    attention = AttentionLayer(parameters, name + ".attention", heads: configuration.heads, drops: true)
    output = Linear(parameters, name + ".attention_output")
    attentionNorm = NormLayer(parameters, name + ".attention_norm", epsilon: configuration.epsilon)
    feedForward = FeedForwardLayer(parameters, name, configuration.activation.activation)
    outputNorm = NormLayer(parameters, name + ".output_norm", epsilon: configuration.epsilon)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let attention: AttentionLayer.Saved
    fileprivate let attended: Operand
    fileprivate let attentionSite: DropoutSite
    fileprivate let attentionNorm: NormLayer.Saved
    fileprivate let feedForward: FeedForwardLayer.Saved
    fileprivate let outputSite: DropoutSite
    fileprivate let outputNorm: NormLayer.Saved
  }

  /// `isCausal`: whether a token attends only to itself and to those before it.
  func forward(
    _ x: Matrix, _ texts: [Range<Int>], isCausal: Bool = false, _ pass: StepContext
  ) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let operand = try pass.operand(x)
    let (out, attentionSaved) = try attention.forward(operand, texts, to: operand, texts, isCausal: isCausal, pass)
    let attended = try pass.operand(out), first = try pass.matrix(x.rows, x.width)
    let attentionSite = DropoutSite(pass)
    try pass.temporarily { () throws(TensorError) in
      try attentionSite.forward(try output.forward(attended, pass), addedTo: x, into: first, pass)
    }
    let (middle, middleSaved) = try attentionNorm.forward(first, pass)

    let second = try pass.matrix(x.rows, x.width)
    let (fed, fedSaved) = try feedForward.forward(try pass.operand(middle), pass)
    let outputSite = DropoutSite(pass)
    try outputSite.forward(fed, addedTo: middle, into: second, pass)
    let (y, saved) = try outputNorm.forward(second, pass)
    return (
      y,
      Saved(
        attention: attentionSaved, attended: attended, attentionSite: attentionSite, attentionNorm: middleSaved,
        feedForward: fedSaved, outputSite: outputSite, outputNorm: saved)
    )
  }

  /// Converts the gradient with respect to y into that with respect to x.
  func backward(_ d: Matrix, _ saved: Saved, _ pass: StepContext) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      try outputNorm.backward(d, saved.outputNorm, pass)
      let kept = try saved.outputSite.backward(d, pass)
      try feedForward.backward(kept, saved.feedForward, into: d, accumulating: true, pass)
    }
    try pass.temporarily { () throws(TensorError) in
      try attentionNorm.backward(d, saved.attentionNorm, pass)
      let dOut = try pass.matrix(d.rows, d.width), kept = try saved.attentionSite.backward(d, pass)
      try output.backward(kept, of: saved.attended, into: dOut, pass)
      try attention.backward(dOut, saved.attention, into: d, accumulating: true, addingTo: d, pass)
    }
  }
}
