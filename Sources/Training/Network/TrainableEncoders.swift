internal import Models
internal import Tensors

/// BERT: word pieces of several texts, packed one after another → a token of `hidden` width for each.
///
/// The text encoders of CLIP and SigLIP have norms before a block's halves and after the last block; a CLIP's piece
/// attends only to itself and those before it.
struct TrainableTextEncoder {
  private let words: Parameters.Place
  private let positions: Parameters.Place
  private let types: Parameters.Place
  private let norm: NormLayer
  private let blocks: [Block]
  private let width: Int
  private let normsFirst: Bool
  private let isCausal: Bool

  private enum Block {
    case normsBehind(PostNormLayer)
    case normsFirst(PreNormLayer)
  }

  init(_ parameters: Parameters, _ configuration: ModelConfiguration.Text) {
    words = parameters["text_encoder.word.weight"]
    positions = parameters["text_encoder.position.weight"]
    types = parameters["text_encoder.token_type.weight"]
    norm = NormLayer(parameters, "text_encoder.norm", epsilon: configuration.epsilon)
    blocks = (0..<configuration.layers).map { index in
      let name = "text_encoder.blocks.\(index)"
      return configuration.normsFirst
        ? .normsFirst(PreNormLayer(parameters, name, configuration))
        : .normsBehind(PostNormLayer(parameters, name, configuration))
    }
    width = configuration.hiddenSize
    (normsFirst, isCausal) = (configuration.normsFirst, configuration.isCausal)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let pieces: [(word: Int, position: Int)]
    fileprivate let norm: NormLayer.Saved
    fileprivate let site: DropoutSite
    fileprivate let blocks: [BlockSaved]
  }

  fileprivate enum BlockSaved {
    case normsBehind(PostNormLayer.Saved)
    case normsFirst(PreNormLayer.Saved)
  }

  func forward(
    _ texts: [[Int32]], _ spans: [Range<Int>], _ pass: StepContext
  ) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let pieces = texts.flatMap { text in text.enumerated().map { (word: Int($1), position: $0) } }
    let sum = try pass.matrix(pieces.count, width)
    sum.clearPadding()
    let weights = pass.parameters.weights.base
    let (words, positions, type) = (
      weights + words.offset, weights + positions.offset, weights + types.offset
    )
    try pass.shareRows(pieces.count, width: width) { rows in
      for row in rows {
        let to = sum.row(row), piece = pieces[row]
        let (word, position) = (words + piece.word * width, positions + piece.position * width)
        for column in 0..<width { to[column] = word[column] + position[column] + type[column] }
      }
    }
    let first = normsFirst ? nil : try norm.forward(sum, pass), site = DropoutSite(pass)
    var x = try site.forward(first?.y ?? sum, pass), saved: [BlockSaved] = []
    for block in blocks {
      switch block {
      case .normsBehind(let block):
        let (y, blockSaved) = try block.forward(x, spans, isCausal: isCausal, pass)
        saved.append(.normsBehind(blockSaved))
        x = y
      case .normsFirst(let block):
        let (y, blockSaved) = try block.forward(x, spans, isCausal: isCausal, pass)
        saved.append(.normsFirst(blockSaved))
        x = y
      }
    }
    let (y, normSaved) = if let first { (x, first.saved) } else { try norm.forward(x, pass) }
    return (y, Saved(pieces: pieces, norm: normSaved, site: site, blocks: saved))
  }

  /// Overwrites the gradient with respect to y.
  func backward(_ d: Matrix, _ saved: Saved, _ pass: StepContext) throws(TensorError) {
    if normsFirst { try norm.backward(d, saved.norm, pass) }
    for (block, saved) in zip(blocks, saved.blocks).reversed() {
      switch (block, saved) {
      case (.normsBehind(let block), .normsBehind(let saved)): try block.backward(d, saved, pass)
      case (.normsFirst(let block), .normsFirst(let saved)): try block.backward(d, saved, pass)
      default: preconditionFailure("a block keeps what is its own")
      }
    }
    try pass.temporarily { () throws(TensorError) in
      let d = try saved.site.backward(d, pass)
      if !normsFirst { try norm.backward(d, saved.norm, pass) }
      let parameters = pass.parameters
      let (words, positions, type) = (
        parameters.gradient(words), parameters.gradient(positions), parameters.gradient(types)
      )
      var sums: [(row: Int, to: UnsafeMutablePointer<Float>)] = []
      sums.reserveCapacity(3 * saved.pieces.count)
      for (row, piece) in saved.pieces.enumerated() {
        sums.append((row, words + piece.word * width))
        sums.append((row, positions + piece.position * width))
        sums.append((row, type))
      }
      try pass.add(rowsOf: d, sums)
    }
  }
}

/// ViT: pictures → a class token, one token per patch, and the registers, of `hidden` width, after the last norm.
///
/// A CLIP has a norm before its blocks and none after them; a SigLIP has no class token.
struct TrainableImageEncoder {
  private let configuration: ModelConfiguration.Image
  private let patch: Linear
  private let whole: Parameters.Place?
  private let positions: Parameters.Place
  private let registers: Parameters.Place?
  private let blocks: [PreNormLayer]
  private let firstNorm: NormLayer?
  private let lastNorm: NormLayer?

  init(_ parameters: Parameters, _ configuration: ModelConfiguration.Image) {
    self.configuration = configuration
    patch = Linear(parameters, "image_encoder.patch")
    whole = configuration.hasClassToken ? parameters["image_encoder.cls"] : nil
    positions = parameters["image_encoder.position"]
    registers = configuration.registers > 0 ? parameters["image_encoder.registers"] : nil
    blocks = (0..<configuration.layers).map { PreNormLayer(parameters, "image_encoder.blocks.\($0)", configuration) }
    func norm(_ name: String) -> NormLayer {
      NormLayer(parameters, "image_encoder." + name, epsilon: configuration.epsilon)
    }
    firstNorm = configuration.hasFirstNorm ? norm("first_norm") : nil
    lastNorm = configuration.hasLastNorm ? norm("norm") : nil
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let patches: Operand
    fileprivate let pictures: Int
    fileprivate let firstNorm: NormLayer.Saved?
    fileprivate let site: DropoutSite
    fileprivate let blocks: [PreNormLayer.Saved]
    fileprivate let lastNorm: NormLayer.Saved?
  }

  /// `pictures`: channel by channel, row by row.
  func forward(
    _ pictures: [[Float]], _ spans: [Range<Int>], _ pass: StepContext
  ) throws(TensorError) -> (y: Matrix, saved: Saved) {
    let (tokens, places, width) = (configuration.tokens, configuration.places, configuration.hiddenSize)
    let patches = try pass.operand(try cut(pictures, pass)), seen = try patch.forward(patches, pass)
    let sum = try pass.matrix(pictures.count * tokens, width)
    sum.clearPadding()
    let weights = pass.parameters.weights.base
    let (whole, positions) = (whole.map { weights + $0.offset }, weights + positions.offset)
    let registers = registers.map { weights + $0.offset }, classTokens = configuration.classTokens
    try pass.shareRows(sum.rows, width: width) { rows in
      for row in rows {
        let (picture, token) = row.quotientAndRemainder(dividingBy: tokens)
        let to = sum.row(row)
        if token >= places, let registers {
          to.update(from: registers + (token - places) * width, count: width)
          continue
        }
        let patch = picture * (places - classTokens) + token - classTokens
        let from = token < classTokens ? whole.map { UnsafePointer($0) } : UnsafePointer(seen.row(patch))
        guard let from else { continue }
        let position = positions + token * width
        for column in 0..<width { to[column] = from[column] + position[column] }
      }
    }
    let first = try firstNorm?.forward(sum, pass), site = DropoutSite(pass)
    var x = try site.forward(first?.y ?? sum, pass), saved: [PreNormLayer.Saved] = []
    for block in blocks {
      let (y, blockSaved) = try block.forward(x, spans, pass)
      saved.append(blockSaved)
      x = y
    }
    let last = try lastNorm?.forward(x, pass)
    return (
      last?.y ?? x,
      Saved(
        patches: patches, pictures: pictures.count, firstNorm: first?.saved, site: site, blocks: saved,
        lastNorm: last?.saved)
    )
  }

  /// Overwrites the gradient with respect to y.
  func backward(_ d: Matrix, _ saved: Saved, _ pass: StepContext) throws(TensorError) {
    if let lastNorm, let saved = saved.lastNorm { try lastNorm.backward(d, saved, pass) }
    for (block, saved) in zip(blocks, saved.blocks).reversed() { try block.backward(d, saved, pass) }
    let (tokens, places, width) = (configuration.tokens, configuration.places, configuration.hiddenSize)
    try pass.temporarily { () throws(TensorError) in
      let d = try saved.site.backward(d, pass), classTokens = configuration.classTokens
      if let firstNorm, let saved = saved.firstNorm { try firstNorm.backward(d, saved, pass) }
      let seen = try pass.zeros(saved.pictures * (places - classTokens), width)
      let parameters = pass.parameters
      let (whole, positions) = (whole.map(parameters.gradient), parameters.gradient(positions))
      let registers = registers.map(parameters.gradient)
      var sums: [(row: Int, to: UnsafeMutablePointer<Float>)] = []
      sums.reserveCapacity(2 * saved.pictures * tokens)
      for row in 0..<saved.pictures * tokens {
        let (picture, token) = row.quotientAndRemainder(dividingBy: tokens)
        if token >= places, let registers {
          sums.append((row, registers + (token - places) * width))
          continue
        }
        sums.append((row, positions + token * width))
        let patch = picture * (places - classTokens) + token - classTokens
        if let to = token < classTokens ? whole : seen.row(patch) { sums.append((row, to)) }
      }
      try pass.add(rowsOf: d, sums)
      try patch.backward(seen, of: saved.patches, pass)
    }
  }

  /// A row of 3 · patch² numbers for each patch, in the order of the convolution's weights.
  private func cut(_ pictures: [[Float]], _ pass: StepContext) throws(TensorError) -> Matrix {
    let (side, grid) = (configuration.patchSize, configuration.grid)
    let rows = try pass.matrix(pictures.count * grid * grid, 3 * side * side)
    rows.clearPadding()
    try pass.threadPool.share(pictures.count) { (picture, _) throws(TensorError) in
      configuration.cut(pictures[picture], into: rows.row(picture * grid * grid))
    }
    return rows
  }
}

/// The forward and backward pass of a feature stream into the shared space: a projection without an encoder.
struct FeatureProjection {
  private let projection: FeedForwardLayer
  private let width: Int

  init(_ parameters: Parameters, _ stream: FeatureStream) {
    projection = FeedForwardLayer(parameters, stream.name + "_projection", .relu)
    width = stream.width
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let projection: FeedForwardLayer.Saved
    fileprivate let rows: Int
  }

  /// The rows of posts as tokens, packed, followed by a token of zeros for each post that has none.
  func forward(
    _ posts: [EncodedInput.Tokens<[Float]>?], dim: Int, _ pass: StepContext
  ) throws(TensorError) -> (tokens: Streams.Tokens, saved: Saved?) {
    let count = posts.reduce(0) { $0 + ($1?.length ?? 0) }
    let tokens = try pass.zeros(count + posts.count { $0 == nil }, dim)
    var saved: Saved?
    if count > 0 {
      let rows = try pass.zeros(count, width)
      var next = 0
      for post in posts {
        guard let post else { continue }
        rows.row(next).update(from: post.raw, count: post.raw.count)
        next += post.length
      }
      let (projected, kept) = try projection.forward(try pass.operand(rows), pass)
      tokens.base.update(from: projected.base, count: count * dim)
      saved = Saved(projection: kept, rows: count)
    }
    var ranges: [Range<Int>] = [], next = 0, silent = count
    for post in posts {
      if let post {
        ranges.append(next..<next + post.length)
        next += post.length
      } else {
        ranges.append(silent..<silent + 1)
        silent += 1
      }
    }
    return (Streams.Tokens(tokens: tokens, ranges: ranges), saved)
  }

  /// Adds to the parameters' gradients; those with respect to the features are not needed.
  func backward(_ gradients: Matrix, _ saved: Saved, _ pass: StepContext) throws(TensorError) {
    let tokens = try pass.zeros(saved.rows, gradients.width)
    // The rows' tokens are followed by zero tokens, which have no parameters.
    tokens.base.update(from: gradients.base, count: saved.rows * gradients.width)
    try projection.backward(tokens, saved.projection, into: nil, accumulating: false, pass)
  }
}
