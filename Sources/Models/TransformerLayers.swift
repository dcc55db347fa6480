package import Tensors

/// x + W·Attn(y, y): the tokens of each sequence attend to each other, and the result is added to x.
///
/// There are two steps, so that the following layers can process each block of tokens immediately.
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

  /// `queryKeyValue`: the three layers as one; `output`: the layer after them.
  init(_ queryKeyValue: PackedLinear, output: PackedLinear, heads: Int) {
    (self.queryKeyValue, self.output, self.heads) = (queryKeyValue, output, heads)
  }

  /// The output of attention for each token. `bias[i]`: sequence i's tokens × tokens, added to the scores; `isCausal`:
  /// a token attends only to itself and to those before it.
  ///
  /// A sequence is processed as soon as its last token has a query, a key and a value, while they are still in the
  /// cache.
  func attend(
    _ y: MatrixView, _ spans: RowSpans, bias: [[Float]?]? = nil, isCausal: Bool = false, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let width = y.width, attended = try workspace.matrix(rows: y.rows, width: width)
    try workspace.temporarily { () throws(TensorError) in
      let packed = try workspace.operand(
        rows: y.rows, width: 3 * width, format: Attention.format(after: queryKeyValue.format, size: width / heads))
      let factors = AttentionInput(packed), query = factors.columns(0..<width), key = factors.columns(width..<2 * width)
      let value = factors.columns(2 * width..<3 * width)
      var index = 0
      for rows in packed.blocks {
        try queryKeyValue(y.rows(rows), into: packed.block(from: rows.lowerBound), using: workspace)
        while index < spans.count, spans[index].upperBound <= rows.upperBound {
          let tokens = spans[index]
          try Attention.attend(
            query: query.rows(tokens), key: key.rows(tokens), value: value.rows(tokens), heads: heads,
            bias: bias?[index], isCausal: isCausal, into: attended.row(tokens.lowerBound), using: workspace)
          index += 1
        }
      }
    }
    return attended
  }

  /// Adds the results of some tokens to x.
  func add(_ attended: MatrixView, to x: Matrix, using workspace: Workspace) throws(TensorError) {
    try output.add(attended, to: x, using: workspace)
  }
}

/// Tokens that a text can attend to: those of a picture, of knowledge, or of a feature stream.
struct ContextStream {
  /// The tokens of all posts.
  let tokens: MatrixView
  /// The positions of each post's tokens; posts may share some.
  let ranges: [Range<Int>]
  /// Each post's text tokens × stream tokens, added to the scores; nil for none.
  let biases: [[Float]?]
}

/// x + W·Attn(x, stream): the text's tokens attend to another stream, and the result is added to x.
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

  /// The output of attention to the stream for each token of x. `spans`: the rows of each post's tokens; `layer`: the
  /// layer's identity for an observer of attention.
  func attend(
    _ x: MatrixView, to stream: ContextStream, _ spans: RowSpans, of layer: AttentionSource, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let observer = workspace.attentionObserver.flatMap { $0.observes(layer) ? $0 : nil }
    let width = x.width, attended = try workspace.matrix(rows: x.rows, width: width)
    try workspace.temporarily { () throws(TensorError) in
      let format = Attention.format(after: keyValue.format, size: width / heads)
      let query = AttentionInput(try query(x, in: format, using: workspace))
      let packed = AttentionInput(try keyValue(stream.tokens, in: format, using: workspace))
      let key = packed.columns(0..<width), value = packed.columns(width..<2 * width)
      for index in 0..<spans.count {
        let tokens = spans[index], seen = stream.ranges[index]
        try Attention.attend(
          query: query.rows(tokens), key: key.rows(seen), value: value.rows(seen), heads: heads,
          bias: stream.biases[index], into: attended.row(tokens.lowerBound), using: workspace)
        observer?.observe(
          Attention.probabilities(
            query: query.rows(tokens), key: key.rows(seen), heads: heads, bias: stream.biases[index]),
          of: layer, sequence: index)
      }
    }
    return attended
  }

  /// Adds the results of some tokens to x.
  func add(_ attended: MatrixView, to x: Matrix, using workspace: Workspace) throws(TensorError) {
    try output.add(attended, to: x, using: workspace)
  }
}

/// x + W₂ f(W₁ y), with f a variant of GELU: a net applied to every token separately, whose result is added to x.
struct FeedForward: Sendable {
  private let widen: PackedLinear
  private let narrow: PackedLinear
  private let activation: Activation

  init(
    _ weights: ModelWeights, width: Int, hidden: Int, _ activation: EncoderActivation = .gelu
  ) throws(ModelError) {
    self.activation = activation.activation
    widen = try weights.linear("fc1", inputs: width, outputs: hidden)
    narrow = try weights.linear("fc2", inputs: hidden, outputs: width)
  }

  /// Adds the result to x; y is x itself or its norm.
  func add(of y: MatrixView, to x: Matrix, using workspace: Workspace) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      try narrow.add(widen.activated(y, activation, using: workspace), to: x, using: workspace)
    }
  }
}

extension EncoderActivation {
  /// The activation in the form that layers use.
  package var activation: Activation {
    switch self {
    case .gelu: .gelu
    case .quickGELU: .quickGELU
    case .tanhGELU: .tanhGELU
    }
  }
}

/// W₂ ReLU(W₁ x) for every token: from an encoder's width to the shared space.
struct Projection: Sendable {
  private let hidden: PackedLinear
  private let shared: PackedLinear

  init(_ weights: ModelWeights, width: Int, hidden: Int, dim: Int) throws(ModelError) {
    self.hidden = try weights.linear("fc1", inputs: width, outputs: hidden)
    shared = try weights.linear("fc2", inputs: hidden, outputs: dim)
  }

  /// Projects into `y`, which has a row for each row of x.
  func callAsFunction(_ x: MatrixView, using workspace: Workspace) throws(TensorError) -> Matrix {
    let hidden = try hidden(x, .relu, using: workspace)
    return try shared(hidden.view, using: workspace)
  }
}
