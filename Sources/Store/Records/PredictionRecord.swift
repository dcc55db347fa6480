import Bytes

/// What a scorer says about a post.
///
/// Numbers are stored as the `Double`s they are, exactly; vectors as little-endian float32.
public struct PredictionRecord: Sendable {
  /// The label with the greatest probability.
  public var label: String
  /// That probability.
  public var confidence: Double
  /// Every label's probability, in the model's order.
  public var probabilities: [(label: String, value: Double)]
  /// The cosine of the text's and the picture's aligned vectors; `nil` without a picture.
  public var textImageSimilarity: Double?
  /// The share of [UNK] among the text's pieces, 0...1.
  public var unknownShare: Double
  /// How many word pieces were cut off.
  public var truncated: Int
  /// The vectors to keep, by space (`text`, `image`, `fused`), not normalised.
  public var vectors: [(space: String, values: [Float])]

  /// Creates a prediction from its parts.
  public init(
    label: String, confidence: Double, probabilities: [(label: String, value: Double)],
    textImageSimilarity: Double? = nil, unknownShare: Double, truncated: Int,
    vectors: [(space: String, values: [Float])] = []
  ) {
    self.label = label
    self.confidence = confidence
    self.probabilities = probabilities
    self.textImageSimilarity = textImageSimilarity
    self.unknownShare = unknownShare
    self.truncated = truncated
    self.vectors = vectors
  }

  /// The probabilities as a JSON object, in the model's order.
  var probabilitiesJSON: String {
    var json = JSONText()
    json.object(probabilities, key: \.label) { json, member in json.number(member.value) }
    return json.text
  }

  /// Whether every number is finite; SQLite has no NaN, JSON has neither.
  var isFinite: Bool {
    confidence.isFinite && unknownShare.isFinite && textImageSimilarity?.isFinite ?? true
      && probabilities.allSatisfy { $0.value.isFinite }
      && vectors.allSatisfy { VectorBytes.isFinite($0.values) }
  }
}
