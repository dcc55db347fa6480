internal import CKernels
internal import Models
internal import Tensors

/// BERT: word pieces of several texts, packed one after another → a token of `hidden` width for each.
///
/// The texts of a CLIP or a SigLIP have norms before a block's halves and behind the last block; a CLIP's piece attends
/// to those before it.
struct TextTower {
  private let words: Parameters.Place
  private let positions: Parameters.Place
  private let types: Parameters.Place
  private let norm: Norm
  private let blocks: [Block]
  private let width: Int
  private let normsFirst: Bool
  private let isCausal: Bool

  private enum Block {
    case normsBehind(TextBlock)
    case normsFirst(PreNormBlock)
  }

  init(_ parameters: Parameters, _ configuration: ModelConfiguration.Text) {
    words = parameters["text_encoder.word.weight"]
    positions = parameters["text_encoder.position.weight"]
    types = parameters["text_encoder.token_type.weight"]
    norm = Norm(parameters, "text_encoder.norm", epsilon: configuration.epsilon)
    blocks = (0..<configuration.layers).map { index in
      let name = "text_encoder.blocks.\(index)"
      return configuration.normsFirst
        ? .normsFirst(PreNormBlock(parameters, name, configuration))
        : .normsBehind(TextBlock(parameters, name, configuration))
    }
    width = configuration.hiddenSize
    (normsFirst, isCausal) = (configuration.normsFirst, configuration.isCausal)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let pieces: [(word: Int, position: Int)]
    fileprivate let norm: Norm.Saved
    fileprivate let site: DropoutSite
    fileprivate let blocks: [BlockSaved]
  }

  fileprivate enum BlockSaved {
    case normsBehind(TextBlock.Saved)
    case normsFirst(PreNormBlock.Saved)
  }

  func forward(
    _ texts: [[Int32]], _ spans: [Range<Int>], _ pass: Pass
  ) throws(TensorError) -> (y: Rows, saved: Saved) {
    let pieces = texts.flatMap { text in text.enumerated().map { (word: Int($1), position: $0) } }
    let sum = try pass.rows(pieces.count, width)
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

  /// Uses up the gradient by y.
  func backward(_ d: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
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
      // By columns: a word that occurs twice is summed by one thread, in order.
      try pass.shareColumns(width) { columns in
        for (row, piece) in saved.pieces.enumerated() {
          let from = d.row(row) + columns.lowerBound
          for place in [
            words + piece.word * width, positions + piece.position * width, type,
          ] {
            ckernels_add(from, place + columns.lowerBound, columns.count)
          }
        }
      }
    }
  }
}
