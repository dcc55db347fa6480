internal import Tensors

/// The layer of both of CLIP's towers: x + Attn(LN(x)), then x + FFN(LN(x)); ViT's, but for names and activation.
struct ClipBlock: Sendable {
  private let attentionNorm: LayerNorm
  private let attention: SelfAttention
  private let feedForwardNorm: LayerNorm
  private let widen: PackedLinear
  private let narrow: PackedLinear
  private let activation: Activation

  init(_ weights: ModelWeights, _ tower: ClipConfiguration.Tower) throws(ModelError) {
    let (width, epsilon) = (tower.width, tower.epsilon)
    attentionNorm = try weights.norm("layer_norm1", width: width, epsilon: epsilon)
    attention = SelfAttention(
      try weights["self_attn"].linear(joining: ["q_proj", "k_proj", "v_proj"], inputs: width, outputs: width),
      output: try weights["self_attn"].linear("out_proj", inputs: width, outputs: width), heads: tower.heads)
    feedForwardNorm = try weights.norm("layer_norm2", width: width, epsilon: epsilon)
    widen = try weights["mlp"].linear("fc1", inputs: width, outputs: tower.feedForward)
    narrow = try weights["mlp"].linear("fc2", inputs: tower.feedForward, outputs: width)
    activation = tower.activation
  }

  /// All blocks of a tower, from the scope of its encoder.
  static func all(_ weights: ModelWeights, _ tower: ClipConfiguration.Tower) throws(ModelError) -> [ClipBlock] {
    var blocks: [ClipBlock] = []
    for index in 0..<tower.layers { blocks.append(try ClipBlock(weights["layers"][index], tower)) }
    return blocks
  }

  /// Runs in place. `bias[i]`: sequence i's tokens × tokens, added to the scores.
  func callAsFunction(
    _ x: Matrix, _ spans: RowSpans, bias: [[Float]?]? = nil, using workspace: Workspace
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let y = try attentionNorm(x.view, using: workspace)
      let attended = try attention.attend(y.view, spans, bias: bias, using: workspace).view
      for ((rows, x), (_, y)) in zip(x.blocks, y.blocks) {
        try attention.add(attended.rows(rows), to: x, using: workspace)
        feedForwardNorm(x, into: y)
        try workspace.temporarily { () throws(TensorError) in
          try narrow.add(widen.activated(y.view, activation, using: workspace), to: x, using: workspace)
        }
      }
    }
  }
}
