internal import CKernels
internal import Models
internal import Tensors

/// ViT: pictures → a token for the whole and one a patch, of `hidden` width, after the last norm.
struct ImageTower {
  private let configuration: ModelConfiguration.Image
  private let patch: Linear
  private let whole: Parameters.Place
  private let positions: Parameters.Place
  private let registers: Parameters.Place?
  private let blocks: [ImageBlock]
  private let norm: Norm

  init(_ parameters: Parameters, _ configuration: ModelConfiguration.Image) {
    self.configuration = configuration
    patch = Linear(parameters, "image_encoder.patch")
    whole = parameters["image_encoder.cls"]
    positions = parameters["image_encoder.position"]
    registers = configuration.registers > 0 ? parameters["image_encoder.registers"] : nil
    blocks = (0..<configuration.layers).map { ImageBlock(parameters, "image_encoder.blocks.\($0)", configuration) }
    norm = Norm(parameters, "image_encoder.norm", epsilon: configuration.epsilon)
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let patches: Operand
    fileprivate let pictures: Int
    fileprivate let site: DropoutSite
    fileprivate let blocks: [ImageBlock.Saved]
    fileprivate let norm: Norm.Saved
  }

  /// `pictures`: channel by channel, row by row.
  func forward(
    _ pictures: [[Float]], _ spans: [Range<Int>], _ pass: Pass
  ) throws(TensorError) -> (y: Rows, saved: Saved) {
    let (tokens, places, width) = (configuration.tokens, configuration.places, configuration.hiddenSize)
    let patches = try pass.operand(try cut(pictures, pass)), seen = try patch.forward(patches, pass)
    let sum = try pass.rows(pictures.count * tokens, width)
    sum.clearPadding()
    let weights = pass.parameters.weights.base
    let (whole, positions) = (weights + whole.offset, weights + positions.offset)
    let registers = registers.map { weights + $0.offset }
    try pass.shareRows(sum.count, width: width) { rows in
      for row in rows {
        let (picture, token) = row.quotientAndRemainder(dividingBy: tokens)
        let to = sum.row(row)
        if token >= places, let registers {
          to.update(from: registers + (token - places) * width, count: width)
          continue
        }
        let from = token == 0 ? UnsafePointer(whole) : UnsafePointer(seen.row(picture * (places - 1) + token - 1))
        let position = positions + token * width
        for column in 0..<width { to[column] = from[column] + position[column] }
      }
    }
    let site = DropoutSite(pass)
    var x = try site.forward(sum, pass), saved: [ImageBlock.Saved] = []
    for block in blocks {
      let (y, blockSaved) = try block.forward(x, spans, pass)
      saved.append(blockSaved)
      x = y
    }
    let (y, normSaved) = try norm.forward(x, pass)
    return (
      y, Saved(patches: patches, pictures: pictures.count, site: site, blocks: saved, norm: normSaved)
    )
  }

  /// Uses up the gradient by y.
  func backward(_ d: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
    try norm.backward(d, saved.norm, pass)
    for (block, saved) in zip(blocks, saved.blocks).reversed() { try block.backward(d, saved, pass) }
    let (tokens, places, width) = (configuration.tokens, configuration.places, configuration.hiddenSize)
    try pass.temporarily { () throws(TensorError) in
      let d = try saved.site.backward(d, pass)
      let seen = try pass.zeros(saved.pictures * (places - 1), width)
      let parameters = pass.parameters
      let (whole, positions) = (parameters.gradient(whole), parameters.gradient(positions))
      let registers = registers.map(parameters.gradient)
      try pass.shareColumns(width) { columns in
        let first = columns.lowerBound
        for row in 0..<saved.pictures * tokens {
          let (picture, token) = row.quotientAndRemainder(dividingBy: tokens), from = d.row(row) + first
          if token >= places, let registers {
            ckernels_add(from, registers + (token - places) * width + first, columns.count)
            continue
          }
          ckernels_add(from, positions + token * width + first, columns.count)
          let to = token == 0 ? whole : seen.row(picture * (places - 1) + token - 1)
          ckernels_add(from, to + first, columns.count)
        }
      }
      try patch.backward(seen, of: saved.patches, pass)
    }
  }

  /// A row of 3 · patch² numbers for each patch, in the order of the convolution's weights.
  private func cut(_ pictures: [[Float]], _ pass: Pass) throws(TensorError) -> Rows {
    let (side, grid) = (configuration.patchSize, configuration.grid)
    let rows = try pass.rows(pictures.count * grid * grid, 3 * side * side)
    rows.clearPadding()
    try pass.crew.share(pictures.count) { (picture, _) throws(TensorError) in
      configuration.cut(pictures[picture], into: rows.row(picture * grid * grid))
    }
    return rows
  }
}
