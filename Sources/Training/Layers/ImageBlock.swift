internal import Models
internal import Tensors

/// ViT's layer, the norm before each product: x + Attn(LN(x)), then x + FFN(LN(x)).
struct ImageBlock {
  private let attentionNorm: Norm
  private let attention: Attention
  private let output: Linear
  private let feedForwardNorm: Norm
  private let feedForward: FeedForward

  init(_ parameters: Parameters, _ name: String, _ configuration: ModelConfiguration.Image) {
    attentionNorm = Norm(parameters, name + ".norm1", epsilon: configuration.epsilon)
    attention = Attention(parameters, name + ".attention", heads: configuration.heads, drops: false)
    output = Linear(parameters, name + ".attention_output")
    feedForwardNorm = Norm(parameters, name + ".norm2", epsilon: configuration.epsilon)
    feedForward = FeedForward(parameters, name, .gelu, dropsInside: true)
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

  func forward(_ x: Rows, _ pictures: [Range<Int>], _ pass: Pass) throws(TensorError) -> (y: Rows, saved: Saved) {
    let (normed, normSaved) = try attentionNorm.forward(x, pass)
    let operand = try pass.operand(normed)
    let (out, attentionSaved) = try attention.forward(operand, pictures, to: operand, pictures, pass)
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
