internal import CKernels
internal import Models
internal import Tensors

/// BERT: word pieces of several texts, packed one after another → a token of `hidden` width for each.
struct TextTower {
  private let words: Parameters.Place
  private let positions: Parameters.Place
  private let types: Parameters.Place
  private let norm: Norm
  private let blocks: [TextBlock]
  private let width: Int

  init(_ parameters: Parameters, _ configuration: ModelConfiguration.Text) {
    words = parameters["text_encoder.word.weight"]
    positions = parameters["text_encoder.position.weight"]
    types = parameters["text_encoder.token_type.weight"]
    norm = Norm(parameters, "text_encoder.norm", epsilon: configuration.epsilon)
    blocks = (0..<configuration.layers).map { TextBlock(parameters, "text_encoder.blocks.\($0)", configuration) }
    width = configuration.hiddenSize
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let pieces: [(word: Int, position: Int)]
    fileprivate let norm: Norm.Saved
    fileprivate let site: DropoutSite
    fileprivate let blocks: [TextBlock.Saved]
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
    let (normed, normSaved) = try norm.forward(sum, pass)
    let site = DropoutSite(pass)
    var x = try site.forward(normed, pass), saved: [TextBlock.Saved] = []
    for block in blocks {
      let (y, blockSaved) = try block.forward(x, spans, pass)
      saved.append(blockSaved)
      x = y
    }
    return (x, Saved(pieces: pieces, norm: normSaved, site: site, blocks: saved))
  }

  /// Uses up the gradient by y.
  func backward(_ d: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
    for (block, saved) in zip(blocks, saved.blocks).reversed() { try block.backward(d, saved, pass) }
    try pass.temporarily { () throws(TensorError) in
      let d = try saved.site.backward(d, pass)
      try norm.backward(d, saved.norm, pass)
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
