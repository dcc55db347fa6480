internal import Tensors

/// CLIP's pictures: pixels → a vector in the shared space, read off the token for the whole.
///
/// A ViT with a norm before its blocks as well, and patches without a bias.
struct ClipImageTower: Sendable {
  private let patch: PackedLinear
  private let first: [Float]
  private let positions: [Float]
  private let before: LayerNorm
  private let blocks: [ClipBlock]
  private let after: LayerNorm
  private let projection: PackedLinear
  private let patches: ModelConfiguration.Image

  /// `weights`: all tensors of the model, by the hub's names.
  init(_ weights: ModelWeights, _ configuration: ClipConfiguration) throws(ModelError) {
    let model = weights["vision_model"], embeddings = model["embeddings"], tower = configuration.image
    let width = tower.width, side = configuration.patchSize
    patches = configuration.patches
    let weight = try embeddings["patch_embedding"].values("weight", [width, 3, side, side])
    do throws(TensorError) {
      // A convolution whose step is its width is a linear layer on each patch.
      patch = try weight.withUnsafeBufferPointer { (weight) throws(TensorError) in
        try PackedLinear(weight: weight, bias: [Float](repeating: 0, count: width))
      }
    } catch {
      throw .tensors(error)
    }
    first = try embeddings.values("class_embedding", [width])
    positions = try embeddings["position_embedding"].values("weight", [configuration.imageTokens, width])
    // The hub's own spelling.
    before = try model.norm("pre_layrnorm", width: width, epsilon: tower.epsilon)
    blocks = try ClipBlock.all(model["encoder"], tower)
    after = try model.norm("post_layernorm", width: width, epsilon: tower.epsilon)
    projection = try weights.linear(
      joining: ["visual_projection"], inputs: width, outputs: configuration.dim, biased: false)
  }

  /// The numbers of a picture: three channels of rows of pixels.
  var pixelCount: Int { 3 * patches.size * patches.size }

  /// The vectors of pictures of `pixelCount` numbers; every picture keeps to itself.
  func callAsFunction(_ pictures: [[Float]], using workspace: Workspace) throws(TensorError) -> [[Float]] {
    let tokens = 1 + patches.grid * patches.grid, width = patches.hiddenSize
    let spans = RowSpans(lengths: pictures.map { _ in tokens })
    return try workspace.temporarily { () throws(TensorError) in
      let x = try embed(pictures, using: workspace)
      before(x)
      for block in blocks { try block(x, spans, using: workspace) }
      let whole = try workspace.matrix(rows: pictures.count, width: width)
      for index in pictures.indices { whole.row(index).update(from: x.row(index * tokens), count: width) }
      after(whole)
      let vectors = try projection(whole.view, using: workspace).view
      return pictures.indices.map { vectors.values(ofRow: $0) }
    }
  }

  private func embed(_ pictures: [[Float]], using workspace: Workspace) throws(TensorError) -> Matrix {
    let cells = patches.grid * patches.grid, side = patches.patchSize, width = patches.hiddenSize
    let x = try workspace.matrix(rows: pictures.count * (cells + 1), width: width)
    try workspace.temporarily { () throws(TensorError) in
      let cut = try workspace.matrix(rows: pictures.count * cells, width: 3 * side * side)
      for (index, picture) in pictures.enumerated() { patches.cut(picture, into: cut.row(index * cells)) }
      let seen = try patch(cut.view, using: workspace)
      for picture in pictures.indices {
        for token in 0...cells {
          let row = x.row(picture * (cells + 1) + token), place = token * width
          if token == 0 {
            for column in 0..<width { row[column] = first[column] + positions[column] }
          } else {
            let patch = seen.row(picture * cells + token - 1)
            for column in 0..<width { row[column] = patch[column] + positions[place + column] }
          }
        }
      }
    }
    return x
  }
}
