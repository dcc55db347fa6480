internal import Tensors

extension ModelConfiguration {
  /// The name and shape of a tensor.
  package struct TensorShape: Sendable, Equatable {
    /// The full name, such as `fusion.0.fc1.weight`.
    package let name: String
    /// The size of each axis.
    package let shape: [Int]

    /// Creates a name with a shape.
    package init(name: String, shape: [Int]) { (self.name, self.shape) = (name, shape) }

    /// The number of values in the tensor.
    package var count: Int { shape.reduce(1, *) }
  }

  /// Every tensor of a model with this configuration, in the order of the forward pass.
  package var tensors: [TensorShape] {
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
      if image.hasClassToken { list.add("cls", 1, 1, image.hiddenSize) }
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

  /// The number of the model's learnt parameters.
  package var parameters: Int { tensors.reduce(0) { $0 + $1.count } }
}

/// Collects names and shapes, each within its scope.
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

extension ModelConfiguration {
  /// The maximum working memory of one post, in bytes: 4 GiB.
  package static let postByteLimit = 4 << 30
  /// The maximum working memory of posts that are computed together, in bytes, unless one post needs more: 1 GiB.
  private static let togetherByteLimit = 1 << 30

  /// The memory that one part of a post can take, and the keys that determine it.
  package struct PostNeed: Sendable, Equatable {
    package var keys: [String]
    package var bytes: Int
  }

  /// The working memory that the largest post can take, in bytes: a text of `tokenizer.max_text` pieces, a picture, and
  /// the maximum number of feature rows. This is an upper bound; shorter texts take less.
  package var postBytes: Int { postNeeds.reduce(0) { $0 + $1.bytes } }

  /// The maximum number of posts computed together.
  package var postsTogether: Int { max(1, Self.togetherByteLimit / max(1, postBytes)) }

  /// The parts of ``postBytes``.
  ///
  /// All grow linearly with the number of tokens, except a lexicon's biases and the affinities of co-attention, which
  /// grow with its square.
  package var postNeeds: [PostNeed] {
    let text = tokenizer.maxText, knowledge = self.knowledge ? tokenizer.maxKnowledge : 0
    let textKeys = ["tokenizer.max_text"] + (self.knowledge ? ["tokenizer.max_knowledge"] : [])
    let projected = projectionHidden + 2 * dim
    var needs = [
      Self.need(
        textKeys + ["text.hidden_size"],
        floats: Self.encoder(text + knowledge, self.text.hiddenSize, self.text.heads)
          + (text + knowledge) * projected),
      Self.need(
        ["image.image_size", "image.patch_size", "image.hidden_size"]
          + (image.registers > 0 ? ["image.registers"] : []),
        // The pixels, the patches cut from them, and the patch tokens.
        floats: 6 * image.size * image.size + image.grid * image.grid * image.hiddenSize
          + Self.encoder(image.tokens, image.hiddenSize, image.heads) + image.tokens * projected),
    ]
    for (place, stream) in features.enumerated() {
      needs.append(
        Self.need(
          ["features[\(place)].max_rows", "features[\(place)].width"],
          floats: stream.maxRows * (2 * stream.width + projected)))
    }
    switch aggregation {
    case .crossAttention:
      // Keys and values of one stream at a time.
      let seen = max(text, knowledge, image.tokens, features.map(\.maxRows).max() ?? 0)
      needs.append(
        Self.need(
          ["dim", "tokenizer.max_text"],
          floats: 6 * text * dim + 4 * seen * dim
            + Attention.scratch(queries: text, keys: seen, size: dim / fusionHeads)))
      if hasLexicon { needs.append(Self.need(["lexicon"] + textKeys, floats: text * (text + knowledge))) }
    case .coAttention:
      needs.append(
        Self.need(
          ["aggregation", "tokenizer.max_text", "image.image_size", "image.patch_size"],
          floats: text * image.tokens + 3 * (text + image.tokens) * dim))
    case .concat, .gated, .text, .image: break
    }
    return needs
  }

  /// Rejects sizes at which one post takes more than ``postByteLimit``.
  package func checkPostBytes() throws(ConfigurationError) {
    guard postBytes > Self.postByteLimit, let most = postNeeds.max(by: { $0.bytes < $1.bytes }) else { return }
    throw .needsTooMuch(bytes: postBytes, limit: Self.postByteLimit, keys: most.keys)
  }

  /// Rejects an encoder that takes more than ``postByteLimit`` for one text or picture.
  static func check(_ need: PostNeed) throws(ConfigurationError) {
    guard need.bytes > postByteLimit else { return }
    throw .needsTooMuch(bytes: need.bytes, limit: postByteLimit, keys: need.keys)
  }

  /// The number of texts or pictures of this need that are computed together, at most `most`.
  static func together(_ need: PostNeed, most: Int) -> Int { max(1, min(most, togetherByteLimit / max(1, need.bytes))) }

  static func need(_ keys: [String], floats: Int) -> PostNeed {
    PostNeed(keys: keys, bytes: floats * MemoryLayout<Float>.stride)
  }

  /// The floats in an encoder's pass over one sequence: tokens, norms, attention outputs, queries, keys, values, and
  /// attention's own workspace.
  fileprivate static func encoder(_ tokens: Int, _ width: Int, _ heads: Int) -> Int {
    7 * tokens * width + Attention.scratch(queries: tokens, keys: tokens, size: width / heads)
  }
}

extension ModelConfiguration.Text {
  /// The memory that the longest text takes in the encoder; `keys` are the names of its sizes in the configuration.
  func need(_ keys: [String]) -> ModelConfiguration.PostNeed {
    ModelConfiguration.need(keys, floats: ModelConfiguration.encoder(maxPositions, hiddenSize, heads))
  }
}

extension ModelConfiguration.Image {
  /// The memory that a picture takes in the encoder, including its pixels and patches.
  func need(_ keys: [String]) -> ModelConfiguration.PostNeed {
    ModelConfiguration.need(
      keys,
      floats: 6 * size * size + grid * grid * hiddenSize + ModelConfiguration.encoder(tokens, hiddenSize, heads))
  }
}
