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

  /// What each token of x finds in the stream; the posts' tokens lie where `spans` says.
  func attend(
    _ x: MatrixView, to stream: ContextStream, _ spans: RowSpans, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let width = x.width, attended = try workspace.matrix(rows: x.rows, width: width)
    try workspace.temporarily { () throws(TensorError) in
      let format = Attention.format(after: keyValue.format, size: width / heads)
      let query = Factors(try query(x, in: format, using: workspace))
      let packed = Factors(try keyValue(stream.tokens, in: format, using: workspace))
      let key = packed.columns(0..<width), value = packed.columns(width..<2 * width)
      for index in 0..<spans.count {
        let tokens = spans[index], seen = stream.ranges[index]
        try Attention.attend(
          query: query.rows(tokens), key: key.rows(seen), value: value.rows(seen), heads: heads,
          bias: stream.biases[index], into: attended.row(tokens.lowerBound), using: workspace)
      }
    }
    return attended
  }

  /// Adds to x what some of its tokens found.
  func add(_ attended: MatrixView, to x: Matrix, using workspace: Workspace) throws(TensorError) {
    try output.add(attended, to: x, using: workspace)
  }
}
