internal import Tensors

/// A CLIP's pictures: pixels → a vector in the shared space, read off the token for the whole.
///
/// A SigLIP's tokens are pooled by attention: a learnt token looks at them, and what it finds goes through a net.
struct ClipImageTower: Sendable {
  private let encoder: ImageEncoder
  private let head: Head
  private let tokens: Int
  private let width: Int

  private enum Head {
    case whole(LayerNorm, PackedLinear)
    case probe(AttentionPooling)
  }

  /// `tensors`: the encoder's, by our names; `head`: what comes behind it, by the hub's.
  init(_ tensors: HubTensors, head: HubTensors, _ configuration: ClipConfiguration) throws(ModelError) {
    let image = configuration.image
    (tokens, width) = (image.tokens, image.hiddenSize)
    encoder = try ImageEncoder(ModelWeights(tensors, format: .f32)["image_encoder"], image)
    let weights = ModelWeights(head, format: .f32)
    switch configuration.kind {
    case .clip:
      self.head = .whole(
        try weights["vision_model"].norm("post_layernorm", width: width, epsilon: image.epsilon),
        try weights.linear(
          joining: ["visual_projection"], inputs: width, outputs: configuration.dim, biased: false))
    case .siglip: self.head = .probe(try AttentionPooling(weights["vision_model"]["head"], image))
    }
  }

  /// The tensors behind the encoder.
  static func head(_ configuration: ClipConfiguration) -> [ModelConfiguration.TensorShape] {
    let width = configuration.image.hiddenSize
    switch configuration.kind {
    case .clip:
      return [
        .init(name: "vision_model.post_layernorm.weight", shape: [width]),
        .init(name: "vision_model.post_layernorm.bias", shape: [width]),
        .init(name: "visual_projection.weight", shape: [configuration.dim, width]),
      ]
    case .siglip: return AttentionPooling.tensors(configuration.image, under: "vision_model.head.")
    }
  }

  /// The numbers of a picture: three channels of rows of pixels.
  var pixelCount: Int { encoder.pixelCount }

  /// The vectors of pictures of `pixelCount` numbers; every picture keeps to itself.
  func callAsFunction(_ pictures: [[Float]], using workspace: Workspace) throws(TensorError) -> [[Float]] {
    try workspace.temporarily { () throws(TensorError) in
      let x = try encoder(pictures, using: workspace), vectors: Matrix
      switch head {
      case .whole(let norm, let projection):
        let whole = try workspace.matrix(rows: pictures.count, width: width)
        for index in pictures.indices { whole.row(index).update(from: x.row(index * tokens), count: width) }
        norm(whole)
        vectors = try projection(whole.view, using: workspace)
      case .probe(let pooling):
        vectors = try pooling(x.view, RowSpans(lengths: pictures.map { _ in tokens }), using: workspace)
      }
      return pictures.indices.map { vectors.view.values(ofRow: $0) }
    }
  }
}
