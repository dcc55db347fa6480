internal import CKernels
internal import Models
internal import Tensors

/// ViT: pictures → a token for the whole, one a patch, and the registers, of `hidden` width, after the last norm.
///
/// CLIP's has a norm before its blocks, and none behind them; SigLIP's has no token for the whole.
struct ImageTower {
  private let configuration: ModelConfiguration.Image
  private let patch: Linear
  private let whole: Parameters.Place?
  private let positions: Parameters.Place
  private let registers: Parameters.Place?
  private let blocks: [PreNormBlock]
  private let firstNorm: Norm?
  private let lastNorm: Norm?

  init(_ parameters: Parameters, _ configuration: ModelConfiguration.Image) {
    self.configuration = configuration
    patch = Linear(parameters, "image_encoder.patch")
    whole = configuration.hasWhole ? parameters["image_encoder.cls"] : nil
    positions = parameters["image_encoder.position"]
    registers = configuration.registers > 0 ? parameters["image_encoder.registers"] : nil
    blocks = (0..<configuration.layers).map { PreNormBlock(parameters, "image_encoder.blocks.\($0)", configuration) }
    func norm(_ name: String) -> Norm { Norm(parameters, "image_encoder." + name, epsilon: configuration.epsilon) }
    firstNorm = configuration.hasFirstNorm ? norm("first_norm") : nil
    lastNorm = configuration.hasLastNorm ? norm("norm") : nil
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let patches: Operand
    fileprivate let pictures: Int
    fileprivate let firstNorm: Norm.Saved?
    fileprivate let site: DropoutSite
    fileprivate let blocks: [PreNormBlock.Saved]
    fileprivate let lastNorm: Norm.Saved?
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
    let (whole, positions) = (whole.map { weights + $0.offset }, weights + positions.offset)
    let registers = registers.map { weights + $0.offset }, wholes = configuration.wholes
    try pass.shareRows(sum.count, width: width) { rows in
      for row in rows {
        let (picture, token) = row.quotientAndRemainder(dividingBy: tokens)
        let to = sum.row(row)
        if token >= places, let registers {
          to.update(from: registers + (token - places) * width, count: width)
          continue
        }
        let patch = picture * (places - wholes) + token - wholes
        let from = token < wholes ? whole.map { UnsafePointer($0) } : UnsafePointer(seen.row(patch))
        guard let from else { continue }
        let position = positions + token * width
        for column in 0..<width { to[column] = from[column] + position[column] }
      }
    }
    let first = try firstNorm?.forward(sum, pass), site = DropoutSite(pass)
    var x = try site.forward(first?.y ?? sum, pass), saved: [PreNormBlock.Saved] = []
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

  /// Uses up the gradient by y.
  func backward(_ d: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
    if let lastNorm, let saved = saved.lastNorm { try lastNorm.backward(d, saved, pass) }
    for (block, saved) in zip(blocks, saved.blocks).reversed() { try block.backward(d, saved, pass) }
    let (tokens, places, width) = (configuration.tokens, configuration.places, configuration.hiddenSize)
    try pass.temporarily { () throws(TensorError) in
      let d = try saved.site.backward(d, pass), wholes = configuration.wholes
      if let firstNorm, let saved = saved.firstNorm { try firstNorm.backward(d, saved, pass) }
      let seen = try pass.zeros(saved.pictures * (places - wholes), width)
      let parameters = pass.parameters
      let (whole, positions) = (whole.map(parameters.gradient), parameters.gradient(positions))
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
          let patch = picture * (places - wholes) + token - wholes
          if let to = token < wholes ? whole : seen.row(patch) { ckernels_add(from, to + first, columns.count) }
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
