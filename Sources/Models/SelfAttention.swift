internal import Tensors

/// x + W·Attn(y, y): the tokens of each sequence attend to each other, and what they find is added to x.
struct SelfAttention: Sendable {
  private let queryKeyValue: PackedLinear
  private let output: PackedLinear
  private let heads: Int

  /// `attention`: the scope of `query`, `key` and `value`; `output`: the linear layer after them.
  init(
    _ weights: ModelWeights, output: String, width: Int, heads: Int
  ) throws(ModelError) {
    queryKeyValue = try weights["attention"].linear(
      joining: ["query", "key", "value"], inputs: width, outputs: width)
    self.output = try weights.linear(output, inputs: width, outputs: width)
    self.heads = heads
  }

  /// Adds to x; y is x itself or its norm. `bias[i]`: sequence i's tokens × tokens, added to the scores.
  func add(
    of y: MatrixView, to x: Matrix, _ spans: RowSpans, bias: [[Float]?]? = nil, using workspace: Workspace
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let width = y.width
      let packed = try queryKeyValue(y, using: workspace).view
      let query = packed.columns(0..<width), key = packed.columns(width..<2 * width)
      let value = packed.columns(2 * width..<3 * width)
      let attended = try workspace.matrix(rows: y.rows, width: width)
      for index in 0..<spans.count {
        let tokens = spans[index]
        try Attention.attend(
          query: query.rows(tokens), key: key.rows(tokens), value: value.rows(tokens), heads: heads,
          bias: bias?[index], into: attended.row(tokens.lowerBound), using: workspace)
      }
      try output.add(attended.view, to: x, using: workspace)
    }
  }
}
