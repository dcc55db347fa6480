internal import Glibc
import Models
internal import Tensors

/// A fusion layer, plainly: the text attends to itself, to the picture, to the knowledge, to each stream of features; then
/// a feed-forward net.
struct ReferenceFusionLayer: Sendable {
  private let text: ReferenceAttention
  private let picture: ReferenceAttention
  private let knowledge: ReferenceAttention?
  private let features: [ReferenceAttention]
  private let expand: ReferenceLinear
  private let contract: ReferenceLinear
  private let norm: ReferenceLayerNorm

  /// Layer `index` of a model of cross-attention.
  init(_ folder: ModelFolder, _ index: Int) throws(ExplanationError) {
    let name = "fusion.\(index)", configuration = folder.configuration
    text = try ReferenceAttention(folder, name + ".text")
    picture = try ReferenceAttention(folder, name + ".image")
    knowledge = try configuration.knowledge ? ReferenceAttention(folder, name + ".knowledge") : nil
    var features: [ReferenceAttention] = []
    for stream in configuration.features { features.append(try ReferenceAttention(folder, "\(name).\(stream.name)")) }
    self.features = features
    expand = try ReferenceLinear(folder, name + ".fc1", inputs: configuration.dim)
    contract = try ReferenceLinear(folder, name + ".fc2", inputs: configuration.fusionFeedForward)
    norm = try ReferenceLayerNorm(folder, name + ".norm", epsilon: configuration.fusionEpsilon)
  }

  /// Runs the layer on the text's tokens x, T × D.
  ///
  /// - Returns: x after the layer, and where the text looked: in the picture, T × P, and in each stream, T × R.
  func callAsFunction(_ x: TokenRows, _ context: Context) -> (x: TokenRows, toPicture: TokenMap, toFeatures: [TokenMap])
  {
    var x = text(x, to: x, bias: context.selfBias).x
    let look = picture(x, to: context.picture)
    x = look.x
    if let knowledge, let stream = context.knowledge {
      x = knowledge(x, to: stream, bias: context.crossBias).x
    }
    var toFeatures: [TokenMap] = []
    for (attention, rows) in zip(features, context.features) {
      let look = attention(x, to: rows)
      x = look.x
      toFeatures.append(TokenMap(tokens: rows.count, values: look.probabilities))
    }
    let hidden = expand(x).map { $0 * 0.5 * (1 + erff($0 * Float(0.5).squareRoot())) }
    let toPicture = TokenMap(tokens: context.picture.count, values: look.probabilities)
    return (norm(x + contract(hidden)), toPicture, toFeatures)
  }

  /// What the text attends to beside itself, and what is added to the scores.
  struct Context: Sendable {
    /// P × D.
    var picture: TokenRows
    /// K × D; nil for a model without knowledge.
    var knowledge: TokenRows?
    /// R × D for each of the model's streams of features.
    var features: [TokenRows]
    /// T × T.
    var selfBias: [Float]?
    /// T × K.
    var crossBias: [Float]?
  }
}

/// Parallel co-attention, plainly: what its tokens have to do with each other, and how they are weighed.
struct ReferenceCoAttention: Sendable {
  private let affinity: ReferenceLinear
  private let text: ReferenceLinear
  private let image: ReferenceLinear
  private let textScore: ReferenceLinear
  private let imageScore: ReferenceLinear

  init(_ folder: ModelFolder) throws(ExplanationError) {
    let dim = folder.configuration.dim
    func linear(_ name: String) throws(ExplanationError) -> ReferenceLinear {
      try ReferenceLinear(folder, "join.\(name)", inputs: dim, biased: false)
    }
    affinity = try linear("affinity")
    text = try linear("text")
    image = try linear("image")
    textScore = try linear("text_score")
    imageScore = try linear("image_score")
  }

  /// Joins a text's tokens, T × D, and a picture's, P × D.
  ///
  /// - Returns: the maps, and the post's vector, D.
  func callAsFunction(_ words: TokenRows, _ picture: TokenRows) -> (maps: CoAttentionMaps, fused: [Float]) {
    let (said, seen, asked) = (text(words), image(picture), affinity(words))
    var related = [Float](repeating: 0, count: words.count * picture.count)
    for (row, column) in pairs(words, picture) {
      related[row * picture.count + column] = tanh(dot(asked.row(row), picture.row(column)))
    }
    var ofText = said, ofPicture = seen
    for (row, column) in pairs(words, picture) {
      let weight = related[row * picture.count + column]
      for place in 0..<words.width {
        ofText.values[row * words.width + place] += weight * seen.values[column * words.width + place]
        ofPicture.values[column * words.width + place] += weight * said.values[row * words.width + place]
      }
    }
    let pieceWeights = textScore(ofText.map { tanh($0) }).values.softmax()
    let tokenWeights = imageScore(ofPicture.map { tanh($0) }).values.softmax()
    let fused = zip(weighed(words, pieceWeights), weighed(picture, tokenWeights)).map { $0 + $1 }
    let maps = CoAttentionMaps(
      affinity: TokenMap(tokens: picture.count, values: related), pieceWeights: pieceWeights, tokenWeights: tokenWeights
    )
    return (maps, fused)
  }

  private func pairs(_ a: TokenRows, _ b: TokenRows) -> [(Int, Int)] {
    (0..<a.count).flatMap { row in (0..<b.count).map { (row, $0) } }
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Float { VectorMath.dot(a, b, count: a.count) }

  private func weighed(_ rows: TokenRows, _ weights: [Float]) -> [Float] {
    (0..<rows.width).map { column in
      weights.indices.reduce(Float(0)) { $0 + weights[$1] * rows.values[$1 * rows.width + column] }
    }
  }
}
