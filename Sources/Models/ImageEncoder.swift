internal import Tensors

/// ViT: pictures → for each a class token, one token per patch, and the registers, after the last norm.
///
/// A CLIP has a norm before its blocks and none after them; a SigLIP has no class token.
struct ImageEncoder: Sendable {
  private let patch: PackedLinear
  private let whole: [Float]
  private let positions: [Float]
  private let registers: [Float]
  private let blocks: [PreNormBlock]
  private let firstNorm: LayerNorm?
  private let lastNorm: LayerNorm?
  private let configuration: ModelConfiguration.Image

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration.Image) throws(ModelError) {
    let width = configuration.hiddenSize, side = configuration.patchSize
    self.configuration = configuration
    // A convolution whose stride equals its width is a linear layer on each patch.
    patch = try weights.linear("patch", inputs: 3, side, side, outputs: width)
    whole = configuration.hasClassToken ? try weights.values("cls", [1, 1, width]) : []
    positions = try weights.values("position", [1, configuration.places, width])
    registers = configuration.registers > 0 ? try weights.values("registers", [1, configuration.registers, width]) : []
    var blocks: [PreNormBlock] = []
    for index in 0..<configuration.layers {
      blocks.append(
        try PreNormBlock(
          weights["blocks"][index], norms: ("norm1", "norm2"), width: width, heads: configuration.heads,
          feedForward: configuration.feedForward, epsilon: configuration.epsilon, configuration.activation))
    }
    self.blocks = blocks
    let epsilon = configuration.epsilon
    firstNorm = configuration.hasFirstNorm ? try weights.norm("first_norm", width: width, epsilon: epsilon) : nil
    lastNorm = configuration.hasLastNorm ? try weights.norm("norm", width: width, epsilon: epsilon) : nil
  }

  /// The number of values of a picture: three channels of rows of pixels.
  var pixelCount: Int { 3 * configuration.size * configuration.size }

  /// Encodes pictures of `pixelCount` numbers; no picture affects another.
  func callAsFunction(_ pictures: [[Float]], using workspace: Workspace) throws(TensorError) -> Matrix {
    let spans = RowSpans(lengths: pictures.map { _ in configuration.tokens })
    let x = try embed(pictures, using: workspace)
    firstNorm?(x)
    for block in blocks { try block(x, spans, using: workspace) }
    lastNorm?(x)
    return x
  }

  private func embed(_ pictures: [[Float]], using workspace: Workspace) throws(TensorError) -> Matrix {
    let (tokens, places, width) = (configuration.tokens, configuration.places, configuration.hiddenSize)
    let classTokens = configuration.classTokens
    let x = try workspace.matrix(rows: pictures.count * tokens, width: width)
    try workspace.temporarily { () throws(TensorError) in
      let patches = try patch(cut(pictures, using: workspace).view, using: workspace)
      for picture in pictures.indices {
        for token in 0..<tokens {
          let row = x.row(picture * tokens + token), place = token * width
          if token < classTokens {
            for column in 0..<width { row[column] = whole[column] + positions[column] }
          } else if token >= places {
            for column in 0..<width { row[column] = registers[(token - places) * width + column] }
          } else {
            let patch = patches.row(picture * (places - classTokens) + token - classTokens)
            for column in 0..<width { row[column] = patch[column] + positions[place + column] }
          }
        }
      }
    }
    return x
  }

  /// Puts each patch's numbers into one row, channel by channel, in the order of the patch's weights.
  private func cut(_ pictures: [[Float]], using workspace: Workspace) throws(TensorError) -> Matrix {
    let side = configuration.patchSize, grid = configuration.grid
    let patches = try workspace.matrix(rows: pictures.count * grid * grid, width: 3 * side * side)
    for (index, picture) in pictures.enumerated() {
      configuration.cut(picture, into: patches.row(index * grid * grid))
    }
    return patches
  }
}

/// The layer of ViTs, and of CLIP's and SigLIP's text encoders: x + Attn(LN(x)), then x + FFN(LN(x)).
struct PreNormBlock: Sendable {
  private let attentionNorm: LayerNorm
  private let attention: SelfAttention
  private let feedForwardNorm: LayerNorm
  private let feedForward: FeedForward

  /// `norms`: the names of the norms of the two halves.
  init(
    _ weights: ModelWeights, norms: (attention: String, feedForward: String), width: Int, heads: Int,
    feedForward hidden: Int, epsilon: Double, _ activation: EncoderActivation
  ) throws(ModelError) {
    attentionNorm = try weights.norm(norms.attention, width: width, epsilon: epsilon)
    attention = try SelfAttention(weights, output: "attention_output", width: width, heads: heads)
    feedForwardNorm = try weights.norm(norms.feedForward, width: width, epsilon: epsilon)
    feedForward = try FeedForward(weights, width: width, hidden: hidden, activation)
  }

  /// Updates x in place. `isCausal`: a token attends only to itself and to those before it.
  func callAsFunction(
    _ x: Matrix, _ spans: RowSpans, isCausal: Bool = false, using workspace: Workspace
  ) throws(TensorError) {
    try workspace.temporarily { () throws(TensorError) in
      let y = try attentionNorm(x.view, using: workspace)
      let attended = try attention.attend(y.view, spans, isCausal: isCausal, using: workspace).view
      for ((rows, x), (_, y)) in zip(x.blocks, y.blocks) {
        try attention.add(attended.rows(rows), to: x, using: workspace)
        feedForwardNorm(x, into: y)
        try feedForward.add(of: y.view, to: x, using: workspace)
      }
    }
  }
}

extension ModelConfiguration.Image {
  /// Writes a picture's patches, each as a row of 3 · patch² numbers in the order of the convolution's weights.
  ///
  /// - Parameters:
  ///   - pixels: 3 · size² numbers, channel by channel, row by row; those beyond the last whole patch are ignored.
  ///   - to: space for grid² rows, patch by patch from the top left.
  package func cut(_ pixels: [Float], into to: UnsafeMutablePointer<Float>) {
    pixels.withUnsafeBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { return }
      var to = to
      for patch in 0..<grid * grid {
        let (down, right) = patch.quotientAndRemainder(dividingBy: grid)
        for line in 0..<3 * patchSize {
          let (channel, row) = line.quotientAndRemainder(dividingBy: patchSize)
          let from = (channel * size + down * patchSize + row) * size + right * patchSize
          to.update(from: pixels + from, count: patchSize)
          to += patchSize
        }
      }
    }
  }
}
