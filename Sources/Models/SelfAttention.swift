internal import Tensors

/// x + W·Attn(y, y): the tokens of each sequence attend to each other, and what they find is added to x.
///
/// In two steps, so that what follows on each token can follow at once, block by block.
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

  /// `queryKeyValue`: the three layers side by side; `output`: the layer after them.
  init(_ queryKeyValue: PackedLinear, output: PackedLinear, heads: Int) {
    (self.queryKeyValue, self.output, self.heads) = (queryKeyValue, output, heads)
  }

  /// What each token of y finds. `bias[i]`: sequence i's tokens × tokens, added to the scores; `isCausal`: a token attends
  /// to itself and to those before it alone.
  ///
  /// A sequence attends as soon as its last token has a query, a key and a value: then they are still near.
  func attend(
    _ y: MatrixView, _ spans: RowSpans, bias: [[Float]?]? = nil, isCausal: Bool = false, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let width = y.width, attended = try workspace.matrix(rows: y.rows, width: width)
    try workspace.temporarily { () throws(TensorError) in
      let packed = try workspace.operand(
        rows: y.rows, width: 3 * width, format: Attention.format(after: queryKeyValue.format, size: width / heads))
      let factors = Factors(packed), query = factors.columns(0..<width), key = factors.columns(width..<2 * width)
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

  /// Adds to x what some of its tokens found.
  func add(_ attended: MatrixView, to x: Matrix, using workspace: Workspace) throws(TensorError) {
    try output.add(attended, to: x, using: workspace)
  }
}
