extension ModelConfiguration {
  /// The name and shape of a tensor.
  public struct TensorShape: Sendable, Equatable {
    /// The full name, such as `fusion.0.fc1.weight`.
    public let name: String
    /// The numbers along each axis.
    public let shape: [Int]

    /// A tensor of this name and shape.
    package init(name: String, shape: [Int]) { (self.name, self.shape) = (name, shape) }

    /// How many numbers the tensor has.
    public var count: Int { shape.reduce(1, *) }
  }

  /// Every tensor of such a model, in the order of the forward pass.
  public var tensors: [TensorShape] {
    var list = TensorList()
    list.scope("text_encoder") { list in
      list.add("word.weight", text.vocabularySize, text.hiddenSize)
      list.add("position.weight", text.maxPositions, text.hiddenSize)
      list.add("token_type.weight", text.tokenTypes, text.hiddenSize)
      list.norm("norm", text.hiddenSize)
      for index in 0..<text.layers {
        list.scope("blocks.\(index)") {
          $0.block(text.hiddenSize, text.feedForward, norms: ["attention_norm", "output_norm"])
        }
      }
    }
    list.scope("image_encoder") { list in
      if image.hasWhole { list.add("cls", 1, 1, image.hiddenSize) }
      list.add("position", 1, image.places, image.hiddenSize)
      if image.registers > 0 { list.add("registers", 1, image.registers, image.hiddenSize) }
      list.linear("patch", inputs: 3, image.patchSize, image.patchSize, outputs: image.hiddenSize)
      if image.hasFirstNorm { list.norm("first_norm", image.hiddenSize) }
      for index in 0..<image.layers {
        list.scope("blocks.\(index)") {
          $0.block(image.hiddenSize, image.feedForward, norms: ["norm1", "norm2"])
        }
      }
      if image.hasLastNorm { list.norm("norm", image.hiddenSize) }
    }
    let projections = [("text_projection", text.hiddenSize), ("image_projection", image.hiddenSize)]
    for (name, width) in projections + features.map({ ($0.projection, $0.width) }) {
      list.scope(name) { $0.feedForward(width, projectionHidden, dim) }
    }
    list.aggregation(of: self)
    list.linear("classifier", inputs: dim, outputs: labelNames.count)
    return list.tensors
  }

  /// How many numbers the model has learnt.
  public var parameters: Int { tensors.reduce(0) { $0 + $1.count } }
}

/// Names and shapes as they add up, each in its scope.
private struct TensorList {
  var tensors: [ModelConfiguration.TensorShape] = []
  private var path = ""

  mutating func scope(_ name: String, _ body: (inout TensorList) -> Void) {
    let outer = path
    path += name + "."
    body(&self)
    path = outer
  }

  mutating func add(_ name: String, _ shape: Int...) { add(name, shape: shape) }

  mutating func linear(_ name: String, inputs: Int..., outputs: Int) {
    add(name + ".weight", shape: [outputs] + inputs)
    add(name + ".bias", outputs)
  }

  mutating func norm(_ name: String, _ width: Int) {
    add(name + ".weight", width)
    add(name + ".bias", width)
  }

  mutating func attention(_ width: Int, output: String) {
    for name in ["attention.query", "attention.key", "attention.value", output] {
      linear(name, inputs: width, outputs: width)
    }
  }

  mutating func feedForward(_ width: Int, _ hidden: Int, _ outputs: Int) {
    linear("fc1", inputs: width, outputs: hidden)
    linear("fc2", inputs: hidden, outputs: outputs)
  }

  mutating func block(_ width: Int, _ hidden: Int, norms: [String]) {
    attention(width, output: "attention_output")
    feedForward(width, hidden, width)
    for name in norms { norm(name, width) }
  }

  mutating func aggregation(of model: ModelConfiguration) {
    let dim = model.dim
    switch model.aggregation {
    case .crossAttention:
      for index in 0..<model.fusionLayers { scope("fusion.\(index)") { $0.fusionLayer(of: model) } }
      linear("pooler", inputs: dim, outputs: dim)
    case .concat: scope("join") { $0.feedForward(dim * (model.knowledge ? 3 : 2), dim, dim) }
    case .gated: scope("join") { $0.linear("gate", inputs: 2 * dim, outputs: dim) }
    case .coAttention:
      scope("join") { list in
        for name in ["affinity", "text", "image"] { list.add(name + ".weight", dim, dim) }
        for name in ["text_score", "image_score"] { list.add(name + ".weight", 1, dim) }
      }
    case .text, .image: break
    }
  }

  private mutating func fusionLayer(of model: ModelConfiguration) {
    for stream in ["text"] + model.contextStreams {
      scope(stream) { list in
        list.attention(model.dim, output: "output")
        list.norm("norm", model.dim)
      }
    }
    feedForward(model.dim, model.fusionFeedForward, model.dim)
    norm("norm", model.dim)
  }

  private mutating func add(_ name: String, shape: [Int]) {
    tensors.append(ModelConfiguration.TensorShape(name: path + name, shape: shape))
  }
}
