internal import Tensors

/// What the model says of a post. Numbers that are not finite are handed on as they are.
public struct PostScores: Sendable {
  /// One number for each label.
  public var logits: [Float]
  /// The softmax of the logits.
  public var probabilities: [Float]
  /// A vector of the shared width in each of `ModelConfiguration.spaces`, not normalised; no picture, no vector, and so
  /// with streams of features.
  public var vectors: [(space: String, values: [Float]?)]
  /// The cosine of the text's and the picture's vector; nil without a picture.
  public var textImageSimilarity: Float?

  /// The label of the largest probability, by its index; nil where a probability is not finite.
  package var best: Int? {
    guard probabilities.allSatisfy(\.isFinite) else { return nil }
    return probabilities.indices.max { probabilities[$0] < probabilities[$1] }
  }

  package init(
    logits: [Float], text: [Float], image: [Float]?, fused: [Float],
    features: [(space: String, values: [Float]?)] = []
  ) {
    self.logits = logits
    probabilities = logits.softmax()
    vectors = Array(zip(PostClassifier.spaces, [text, image, fused])).map { (space: $0.0, values: $0.1) } + features
    textImageSimilarity = image.map { Vectors.cosine(text, $0) }
  }
}
