internal import Models

/// What the network sees of a post: raw inputs, or the tokens that a frozen tower made of them before.
struct Sight {
  /// A part of a post.
  struct Tokens<Raw> {
    /// Word pieces or pixels; empty where they are encoded.
    var raw: Raw
    /// What the tower made of them; empty where they are not.
    var encoded: [Float] = []
    /// How many tokens there are.
    var length: Int
  }

  var text: Tokens<[Int32]>
  var knowledge: Tokens<[Int32]>?
  var picture: Tokens<[Float]>?
  /// The rows of the model's streams of features, in their order; nil in one where the post has none.
  var features: [Tokens<[Float]>?]
  var selfBias: [Float]?
  var crossBias: [Float]?

  /// The post as it is read.
  init(_ inputs: PostInputs, _ configuration: ModelConfiguration) {
    text = Tokens(raw: inputs.text, length: inputs.text.count)
    knowledge = inputs.knowledge.map { Tokens(raw: $0, length: $0.count) }
    picture = inputs.pixels.map { Tokens(raw: $0, length: configuration.image.tokens) }
    features = configuration.features.indices.map { place in
      guard inputs.features.indices.contains(place) else { return nil }
      return inputs.features[place].map { Tokens(raw: $0.values, length: $0.rows) }
    }
    (selfBias, crossBias) = (inputs.selfBias, inputs.crossBias)
  }
}
