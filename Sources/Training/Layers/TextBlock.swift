internal import Models
internal import Tensors

/// BERT's layer, the norm behind each sum: LN(x + Attn(x)), then LN(x + FFN(x)).
struct TextBlock {
  private let attention: Attention
  private let output: Linear
  private let attentionNorm: Norm
  private let feedForward: FeedForward
  private let outputNorm: Norm

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration.Text) {
    attention = Attention(parameters, name + ".attention", heads: configuration.heads, drops: true)
    output = Linear(parameters, name + ".attention_output")
    attentionNorm = Norm(parameters, name + ".attention_norm", epsilon: configuration.epsilon)
    feedForward = FeedForward(parameters, name, Activation(configuration.activation))
    outputNorm = Norm(parameters, name + ".output_norm", epsilon: configuration.epsilon)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let attention: Attention.Saved
    fileprivate let attended: Operand
    fileprivate let attentionSite: DropoutSite
    fileprivate let attentionNorm: Norm.Saved
    fileprivate let feedForward: FeedForward.Saved
    fileprivate let outputSite: DropoutSite
    fileprivate let outputNorm: Norm.Saved
  }

  /// `isCausal`: whether a piece attends to those up to its own place alone.
  func forward(
    _ x: Rows, _ texts: [Range<Int>], isCausal: Bool = false, _ pass: Pass
  ) throws(TensorError) -> (y: Rows, saved: Saved) {
    let operand = try pass.operand(x)
    let (out, attentionSaved) = try attention.forward(operand, texts, to: operand, texts, isCausal: isCausal, pass)
    let attended = try pass.operand(out), first = try pass.rows(x.count, x.width)
    let attentionSite = DropoutSite(pass)
    try pass.temporarily { () throws(TensorError) in
      try attentionSite.forward(try output.forward(attended, pass), addedTo: x, into: first, pass)
    }
    let (middle, middleSaved) = try attentionNorm.forward(first, pass)

    let second = try pass.rows(x.count, x.width)
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

  /// Turns the gradient by y into that by x.
  func backward(_ d: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      try outputNorm.backward(d, saved.outputNorm, pass)
      let kept = try saved.outputSite.backward(d, pass)
      try feedForward.backward(kept, saved.feedForward, into: d, accumulating: true, pass)
    }
    try pass.temporarily { () throws(TensorError) in
      try attentionNorm.backward(d, saved.attentionNorm, pass)
      let dOut = try pass.rows(d.count, d.width), kept = try saved.attentionSite.backward(d, pass)
      try output.backward(kept, of: saved.attended, into: dOut, pass)
      try attention.backward(dOut, saved.attention, into: d, accumulating: true, addingTo: d, pass)
    }
  }
}
