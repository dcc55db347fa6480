internal import Models
internal import Tensors

/// The layer of ViTs, and of CLIP's and SigLIP's texts, the norm before each half: x + Attn(LN(x)), then x + FFN(LN(x)).
///
/// Numbers are dropped as in a ViT: between the feed-forward net's products and behind it.
struct PreNormBlock {
  private let attentionNorm: Norm
  private let attention: Attention
  private let output: Linear
  private let feedForwardNorm: Norm
  private let feedForward: FeedForward

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
    attentionNorm = Norm(parameters, "\(name).\(norms.attention)", epsilon: epsilon)
    attention = Attention(parameters, name + ".attention", heads: heads, drops: false)
    output = Linear(parameters, name + ".attention_output")
    feedForwardNorm = Norm(parameters, "\(name).\(norms.feedForward)", epsilon: epsilon)
    feedForward = FeedForward(parameters, name, Activation(activation), dropsInside: true)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let attentionNorm: Norm.Saved
    fileprivate let attention: Attention.Saved
    fileprivate let attended: Operand
    fileprivate let feedForwardNorm: Norm.Saved
    fileprivate let feedForward: FeedForward.Saved
    fileprivate let outputSite: DropoutSite
  }

  /// `sequences`: each picture's, or text's, rows; `isCausal`: whether a token attends to those up to
  /// its own place alone.
  func forward(
    _ x: Rows, _ sequences: [Range<Int>], isCausal: Bool = false, _ pass: Pass
  ) throws(TensorError) -> (y: Rows, saved: Saved) {
    let (normed, normSaved) = try attentionNorm.forward(x, pass)
    let operand = try pass.operand(normed)
    let (out, attentionSaved) = try attention.forward(
      operand, sequences, to: operand, sequences, isCausal: isCausal, pass)
    let attended = try pass.operand(out), middle = try output.forward(attended, pass)
    try pass.add(x, to: middle)

    let (fedNormed, fedNormSaved) = try feedForwardNorm.forward(middle, pass)
    let y = try pass.rows(x.count, x.width)
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

  /// Turns the gradient by y into that by x.
  func backward(_ d: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let normed = try pass.rows(d.count, d.width)
      normed.clearPadding()
      try feedForward.backward(
        try saved.outputSite.backward(d, pass), saved.feedForward, into: normed, accumulating: false, pass)
      try feedForwardNorm.backward(normed, saved.feedForwardNorm, addingTo: d, pass)
    }
    try pass.temporarily { () throws(TensorError) in
      let dOut = try pass.rows(d.count, d.width), normed = try pass.rows(d.count, d.width)
      try output.backward(d, of: saved.attended, into: dOut, pass)
      try attention.backward(dOut, saved.attention, into: normed, accumulating: false, addingTo: normed, pass)
      try attentionNorm.backward(normed, saved.attentionNorm, addingTo: d, pass)
    }
  }
}
