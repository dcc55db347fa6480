internal import Tensors

extension ModelConfiguration {
  /// The working memory that one post may take, in bytes: 4 GiB.
  package static let postByteLimit = 4 << 30
  /// The working memory of posts that are computed together, in bytes, where one does not take more: 1 GiB.
  private static let togetherByteLimit = 1 << 30

  /// What one part of a post can take, and the keys that decide how much.
  package struct PostNeed: Sendable, Equatable {
    package var keys: [String]
    package var bytes: Int
  }

  /// The working memory that the largest post can take, in bytes: a text of `tokenizer.max_text` pieces, a picture, and
  /// as many rows of features as the model reads. An estimate from above; shorter texts take less.
  public var postBytes: Int { postNeeds.reduce(0) { $0 + $1.bytes } }

  /// How many posts are computed together at most.
  package var postsTogether: Int { max(1, Self.togetherByteLimit / max(1, postBytes)) }

  /// The parts of ``postBytes``.
  ///
  /// All grow with the tokens, none with their square, but for a lexicon's biases and the affinities of co-attention.
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
        // The pixels, the patches cut from them, and the patches' tokens.
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

  /// Refuses sizes at which one post takes more than ``postByteLimit``.
  package func checkPostBytes() throws(ConfigurationFault) {
    guard postBytes > Self.postByteLimit, let most = postNeeds.max(by: { $0.bytes < $1.bytes }) else { return }
    throw .needsTooMuch(bytes: postBytes, limit: Self.postByteLimit, keys: most.keys)
  }

  /// Refuses an encoder that takes more than ``postByteLimit`` for one text or picture.
  static func check(_ need: PostNeed) throws(ConfigurationFault) {
    guard need.bytes > postByteLimit else { return }
    throw .needsTooMuch(bytes: need.bytes, limit: postByteLimit, keys: need.keys)
  }

  /// How many texts or pictures of this need are computed together, of at most `most`.
  static func together(_ need: PostNeed, most: Int) -> Int { max(1, min(most, togetherByteLimit / max(1, need.bytes))) }

  static func need(_ keys: [String], floats: Int) -> PostNeed {
    PostNeed(keys: keys, bytes: floats * MemoryLayout<Float>.stride)
  }

  /// The floats of an encoder's pass over one sequence: its tokens, their norms, what they attend to, queries, keys and
  /// values, and attention's own.
  fileprivate static func encoder(_ tokens: Int, _ width: Int, _ heads: Int) -> Int {
    7 * tokens * width + Attention.scratch(queries: tokens, keys: tokens, size: width / heads)
  }
}

extension ModelConfiguration.Text {
  /// What a text of as many pieces as there are positions takes in the encoder; `keys` are its own names of its sizes.
  func need(_ keys: [String]) -> ModelConfiguration.PostNeed {
    ModelConfiguration.need(keys, floats: ModelConfiguration.encoder(maxPositions, hiddenSize, heads))
  }
}

extension ModelConfiguration.Image {
  /// What a picture takes in the encoder, its pixels and patches included.
  func need(_ keys: [String]) -> ModelConfiguration.PostNeed {
    ModelConfiguration.need(
      keys,
      floats: 6 * size * size + grid * grid * hiddenSize + ModelConfiguration.encoder(tokens, hiddenSize, heads))
  }
}
