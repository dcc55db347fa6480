internal import Tensors

/// Tokens that a text can attend to: a picture's, those of knowledge, later others.
struct ContextStream {
  /// The tokens of all posts.
  let tokens: MatrixView
  /// Where each post's tokens are; posts may share some.
  let ranges: [Range<Int>]
  /// Each post's text tokens × stream tokens, added to the scores; nil for none.
  let biases: [[Float]?]
}

/// x + W·Attn(x, stream): the text's tokens attend to another stream, and what they find is added to x.
struct CrossAttention: Sendable {
  private let query: PackedLinear
  private let keyValue: PackedLinear
  private let output: PackedLinear
  private let heads: Int

  init(_ weights: ModelWeights, width: Int, heads: Int) throws(ModelError) {
    let attention = weights["attention"]
    query = try attention.linear("query", inputs: width, outputs: width)
    keyValue = try attention.linear(joining: ["key", "value"], inputs: width, outputs: width)
    output = try weights.linear("output", inputs: width, outputs: width)
    self.heads = heads
  }

  /// Adds to x, whose posts lie where `spans` says.
  func add(
    of stream: ContextStream, to x: Matrix, _ spans: RowSpans, using workspace: Workspace
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let width = x.width
      let query = try query(x.view, using: workspace).view
      let packed = try keyValue(stream.tokens, using: workspace).view
      let key = packed.columns(0..<width), value = packed.columns(width..<2 * width)
      let attended = try workspace.matrix(rows: x.rows, width: width)
      for index in 0..<spans.count {
        let tokens = spans[index], seen = stream.ranges[index]
        try Attention.attend(
          query: query.rows(tokens), key: key.rows(seen), value: value.rows(seen), heads: heads,
          bias: stream.biases[index], into: attended.row(tokens.lowerBound), using: workspace)
      }
      try output.add(attended.view, to: x, using: workspace)
    }
  }
}
