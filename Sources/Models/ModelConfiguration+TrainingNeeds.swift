extension ModelConfiguration {
  /// The maximum working memory of training for one post, in bytes: 16 GiB, four times that of the largest common
  /// encoders.
  package static let trainingByteLimit = 16 << 30

  /// The parts of the memory that training on the largest post takes.
  ///
  /// Every layer keeps its activations for the backward pass, and attention its weights, heads × tokens²: 4 bytes ×
  /// layers × (tokens × (14 × width + 3 × feed-forward) + heads × tokens × keys). A frozen encoder takes as much while
  /// it encodes.
  package var trainingNeeds: [PostNeed] {
    let text = tokenizer.maxText, knowledge = self.knowledge ? tokenizer.maxKnowledge : 0
    let textKeys = ["tokenizer.max_text"] + (self.knowledge ? ["tokenizer.max_knowledge"] : [])
    let projection = Layer(width: dim, feedForward: projectionHidden, heads: 0)
    let words = Layer(width: self.text.hiddenSize, feedForward: self.text.feedForward, heads: self.text.heads)
    let seen = Layer(width: image.hiddenSize, feedForward: image.feedForward, heads: image.heads)
    var needs = [
      Self.trainingNeed(
        textKeys + ["text.hidden_size", "text.layers", "text.heads"],
        floats: Double(self.text.layers) * (words.kept(text, keys: [text]) + words.kept(knowledge, keys: [knowledge]))
          + projection.kept(text + knowledge)),
      Self.trainingNeed(
        ["image.image_size", "image.patch_size", "image.hidden_size", "image.layers", "image.heads"],
        floats: Double(image.layers) * seen.kept(image.tokens, keys: [image.tokens]) + projection.kept(image.tokens)
          + 6 * Double(image.size) * Double(image.size)),
    ]
    for (place, stream) in features.enumerated() {
      needs.append(
        Self.trainingNeed(
          ["features[\(place)].max_rows", "features[\(place)].width"],
          floats: 2 * Double(stream.maxRows) * Double(stream.width) + projection.kept(stream.maxRows)))
    }
    switch aggregation {
    case .crossAttention:
      let fusion = Layer(width: dim, feedForward: fusionFeedForward, heads: fusionHeads)
      let keys = [text, knowledge, image.tokens] + features.map(\.maxRows)
      needs.append(
        Self.trainingNeed(
          ["dim", "fusion_layers", "fusion_heads", "tokenizer.max_text", "image.patch_size"],
          floats: Double(fusionLayers)
            * (fusion.kept(text, keys: keys) + 4 * Double(dim) * keys.reduce(0) { $0 + Double($1) })))
      if hasLexicon {
        needs.append(Self.trainingNeed(["lexicon"] + textKeys, floats: Double(text) * Double(text + knowledge)))
      }
    case .coAttention:
      needs.append(
        Self.trainingNeed(
          ["aggregation", "tokenizer.max_text", "image.image_size", "image.patch_size"],
          floats: 4 * Double(text) * Double(image.tokens) + 8 * Double(text + image.tokens) * Double(dim)))
    case .concat, .gated, .text, .image: break
    }
    return needs
  }

  /// The working memory that training takes for the largest post, in bytes; multiply by the batch size for a batch.
  package var trainingBytes: Int { trainingNeeds.reduce(0) { $0 + $1.bytes } }

  /// Rejects sizes at which training on one post takes more than ``trainingByteLimit``.
  package func checkTrainingBytes() throws(ConfigurationError) {
    guard trainingBytes > Self.trainingByteLimit, let most = trainingNeeds.max(by: { $0.bytes < $1.bytes }) else {
      return
    }
    throw .trainingNeedsTooMuch(bytes: trainingBytes, limit: Self.trainingByteLimit, keys: most.keys)
  }

  /// A layer's sizes. Sums are in floating point, because squares of a configuration's numbers can overflow an integer.
  private struct Layer {
    let width: Int
    let feedForward: Int
    let heads: Int

    /// The number of floats that a layer keeps of its tokens, which attend to this many keys of each stream.
    func kept(_ tokens: Int, keys: [Int] = []) -> Double {
      let shares = keys.reduce(0) { $0 + Double(($1 + 15) / 16 * 16) }
      return Double(tokens) * (14 * Double(width) + 3 * Double(feedForward) + Double(heads) * shares)
    }
  }

  private static func trainingNeed(_ keys: [String], floats: Double) -> PostNeed {
    PostNeed(keys: keys, bytes: Int(min(floats * 4, 1e15)))
  }
}
