internal import Tensors

/// A CLIP's picture encoder: pixels → a vector in the shared space, taken from the class token.
///
/// A SigLIP's tokens are pooled by attention: a learnt token attends to them, and a feed-forward net follows.
struct ClipImageEncoder: Sendable {
  private let encoder: ImageEncoder
  private let head: ClassificationHead
  private let tokens: Int
  private let width: Int

  private enum ClassificationHead {
    case whole(LayerNorm, PackedLinear)
    case probe(AttentionPooling)
  }

  /// `tensors`: the encoder's, under clfa's names; `head`: those after it, under the hub's.
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

  /// The tensors after the encoder.
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

  /// The number of values of a picture: three channels of rows of pixels.
  var pixelCount: Int { encoder.pixelCount }

  /// Encodes pictures of `pixelCount` numbers; no picture affects another.
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

/// SigLIP's pooling of a picture's tokens into one vector: y = W·Attn(probe, tokens), then y + FFN(LN(y)).
struct AttentionPooling: Sendable {
  private let probe: [Float]
  private let query: PackedLinear
  private let keyValue: PackedLinear
  private let output: PackedLinear
  private let norm: LayerNorm
  private let feedForward: FeedForward
  private let heads: Int

  /// `weights`: those of the hub's head.
  init(_ weights: ModelWeights, _ image: ModelConfiguration.Image) throws(ModelError) {
    let width = image.hiddenSize, attention = weights["attention"]
    heads = image.heads
    probe = try weights.values("probe", [1, 1, width])
    // Query, key and value are stored in one matrix, one after the other.
    let all = try attention.values("in_proj_weight", [3 * width, width])
    let biases = try attention.values("in_proj_bias", [3 * width])
    func linear(_ rows: Range<Int>) throws(ModelError) -> PackedLinear {
      do throws(TensorError) {
        return try Array(all[rows.lowerBound * width..<rows.upperBound * width])
          .withUnsafeBufferPointer { (weight) throws(TensorError) in
            try PackedLinear(weight: weight, bias: Array(biases[rows]))
          }
      } catch {
        throw .tensors(error)
      }
    }
    query = try linear(0..<width)
    keyValue = try linear(width..<3 * width)
    output = try attention.linear("out_proj", inputs: width, outputs: width)
    norm = try weights.norm("layernorm", width: width, epsilon: image.epsilon)
    feedForward = try FeedForward(weights["mlp"], width: width, hidden: image.feedForward, image.activation)
  }

  /// The names and shapes of the head's tensors.
  static func tensors(
    _ image: ModelConfiguration.Image, under path: String
  ) -> [ModelConfiguration.TensorShape] {
    let (width, hidden) = (image.hiddenSize, image.feedForward)
    let shapes = [
      ("probe", [1, 1, width]), ("attention.in_proj_weight", [3 * width, width]),
      ("attention.in_proj_bias", [3 * width]), ("attention.out_proj.weight", [width, width]),
      ("attention.out_proj.bias", [width]), ("layernorm.weight", [width]), ("layernorm.bias", [width]),
      ("mlp.fc1.weight", [hidden, width]), ("mlp.fc1.bias", [hidden]), ("mlp.fc2.weight", [width, hidden]),
      ("mlp.fc2.bias", [width]),
    ]
    return shapes.map { ModelConfiguration.TensorShape(name: path + $0.0, shape: $0.1) }
  }

  /// Returns one vector for each picture, whose tokens are at `spans`.
  func callAsFunction(_ x: MatrixView, _ spans: RowSpans, using workspace: Workspace) throws(TensorError) -> Matrix {
    let width = x.width, y = try workspace.matrix(rows: spans.count, width: width)
    try workspace.temporarily { () throws(TensorError) in
      let probe = try workspace.matrix(rows: 1, width: width)
      for column in 0..<width { probe.row(0)[column] = self.probe[column] }
      let format = Attention.format(after: keyValue.format, size: width / heads)
      let query = AttentionInput(try query(probe.view, in: format, using: workspace))
      let packed = AttentionInput(try keyValue(x, in: format, using: workspace))
      let key = packed.columns(0..<width), value = packed.columns(width..<2 * width)
      let found = try workspace.matrix(rows: spans.count, width: width)
      for index in 0..<spans.count {
        let tokens = spans[index]
        try Attention.attend(
          query: query.rows(0..<1), key: key.rows(tokens), value: value.rows(tokens), heads: heads, bias: nil,
          into: found.row(index), using: workspace)
      }
      y.row(0).update(repeating: 0, count: spans.count * width)
      try output.add(found.view, to: y, using: workspace)
      let normed = try norm(y.view, using: workspace)
      try feedForward.add(of: normed.view, to: y, using: workspace)
    }
    return y
  }
}
