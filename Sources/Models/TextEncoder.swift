internal import Tensors

/// BERT: word pieces of several texts, packed one after another → a token of `hidden` width for each.
///
/// The text encoders of CLIP and SigLIP have norms before a block's halves and after the last block; a CLIP's piece
/// attends only to itself and those before it.
struct TextEncoder: Sendable {
  private let words: [Float]
  private let positions: [Float]
  private let tokenType: [Float]
  private let norm: LayerNorm
  private let blocks: Blocks
  private let width: Int
  private let isCausal: Bool

  private enum Blocks {
    case normsBehind([PostNormBlock])
    case normsFirst([PreNormBlock])
  }

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration.Text) throws(ModelError) {
    (width, isCausal) = (configuration.hiddenSize, configuration.isCausal)
    words = try weights["word"].values("weight", [configuration.vocabularySize, width])
    positions = try weights["position"].values("weight", [configuration.maxPositions, width])
    // Only the first type occurs, because a post's texts are encoded separately.
    tokenType = Array(
      try weights["token_type"].values("weight", [configuration.tokenTypes, width]).prefix(width))
    norm = try weights.norm("norm", width: width, epsilon: configuration.epsilon)
    if configuration.normsFirst {
      var blocks: [PreNormBlock] = []
      for index in 0..<configuration.layers {
        blocks.append(
          try PreNormBlock(
            weights["blocks"][index], norms: ("attention_norm", "output_norm"), width: width,
            heads: configuration.heads, feedForward: configuration.feedForward, epsilon: configuration.epsilon,
            configuration.activation))
      }
      self.blocks = .normsFirst(blocks)
    } else {
      var blocks: [PostNormBlock] = []
      for index in 0..<configuration.layers {
        blocks.append(try PostNormBlock(weights["blocks"][index], configuration))
      }
      self.blocks = .normsBehind(blocks)
    }
  }

  /// Encodes texts, whose pieces must already be checked; no text affects another.
  func callAsFunction(
    _ texts: [[Int32]], _ spans: RowSpans, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let x = try embed(texts, using: workspace)
    switch blocks {
    case .normsBehind(let blocks):
      norm(x)
      for block in blocks { try block(x, spans, isCausal: isCausal, using: workspace) }
    case .normsFirst(let blocks):
      for block in blocks { try block(x, spans, isCausal: isCausal, using: workspace) }
      norm(x)
    }
    return x
  }

  /// The sum of the embeddings of each piece, its position and its type.
  private func embed(_ texts: [[Int32]], using workspace: Workspace) throws(TensorError) -> Matrix {
    let x = try workspace.matrix(rows: texts.reduce(0) { $0 + $1.count }, width: width)
    var token = 0
    for text in texts {
      for (position, piece) in text.enumerated() {
        let row = x.row(token), word = Int(piece) * width, place = position * width
        for column in 0..<width {
          row[column] = words[word + column] + positions[place + column] + tokenType[column]
        }
        token += 1
      }
    }
    return x
  }
}

/// BERT's layer: LN(x + Attn(x)), then LN(x + FFN(x)).
struct PostNormBlock: Sendable {
  private let attention: SelfAttention
  private let attentionNorm: LayerNorm
  private let feedForward: FeedForward
  private let outputNorm: LayerNorm

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration.Text) throws(ModelError) {
    let (width, epsilon) = (configuration.hiddenSize, configuration.epsilon)
    attention = try SelfAttention(
      weights, output: "attention_output", width: width, heads: configuration.heads)
    attentionNorm = try weights.norm("attention_norm", width: width, epsilon: epsilon)
    feedForward = try FeedForward(
      weights, width: width, hidden: configuration.feedForward, configuration.activation)
    outputNorm = try weights.norm("output_norm", width: width, epsilon: epsilon)
  }

  /// Updates x in place. `isCausal`: a token attends only to itself and to those before it.
  func callAsFunction(
    _ x: Matrix, _ spans: RowSpans, isCausal: Bool = false, using workspace: Workspace
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let attended = try attention.attend(x.view, spans, isCausal: isCausal, using: workspace).view
      for (rows, x) in x.blocks {
        try attention.add(attended.rows(rows), to: x, using: workspace)
        attentionNorm(x)
        try feedForward.add(of: x.view, to: x, using: workspace)
        outputNorm(x)
      }
    }
  }
}
