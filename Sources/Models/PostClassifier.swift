import Bytes
internal import Dispatch
package import Tensors

/// The model on one page: text and picture become tokens, the tokens are projected into one space, both sides are
/// combined into one vector, and the vector is classified.
///
/// An immutable value, shared by all workers; each worker has its own workspace. A post's scores have the same bits
/// whatever posts are in its batch.
package struct PostClassifier: Sendable {
  /// The spaces of every model's vectors: the mean of a post's projected text tokens, the mean of its projected picture
  /// tokens, and the vector that is classified.
  package static let spaces = ["text", "image", "fused"]

  package let configuration: ModelConfiguration
  /// The format of the matrix products.
  package let precision: Precision
  /// The names of the matrices that are in bytes.
  let quantisedTensors: Set<ByteText>
  let textEncoder: TextEncoder
  let imageEncoder: ImageEncoder
  let textProjection: Projection
  let imageProjection: Projection
  let featureProjections: [Projection]
  private let aggregator: any Aggregator
  private let head: ClassificationHead

  /// Packs the weights of a model folder. Throws for a missing, misshapen or unexpected tensor, with its name, and for
  /// a precision that this processor has no instructions for.
  ///
  /// The calling thread takes part, and afterwards computes products on its own (`OneDNN.useOneThread()`).
  package init(folder: ModelFolder, precision: Precision = .f32) throws(ModelError) {
    try folder.check(precision)
    let weights = ModelWeights(folder.weights, format: precision.format)
    let configuration = folder.configuration
    let (dim, hidden) = (configuration.dim, configuration.projectionHidden)
    self.configuration = configuration
    self.precision = precision
    (textEncoder, (imageEncoder, textProjection, imageProjection, aggregator, head)) = try together(
      { () throws(ModelError) in try TextEncoder(weights["text_encoder"], configuration.text) },
      { () throws(ModelError) in
        (
          try ImageEncoder(weights["image_encoder"], configuration.image),
          try Projection(
            weights["text_projection"], width: configuration.text.hiddenSize, hidden: hidden, dim: dim),
          try Projection(
            weights["image_projection"], width: configuration.image.hiddenSize, hidden: hidden, dim: dim),
          try configuration.aggregation.aggregator(weights, configuration),
          try ClassificationHead(weights, configuration)
        )
      })
    var projections: [Projection] = []
    for stream in configuration.features {
      projections.append(
        try Projection(weights[stream.projection], width: stream.width, hidden: hidden, dim: dim))
    }
    featureProjections = projections
    quantisedTensors = try weights.finish()
  }

  /// A workspace for one worker thread, which must first call `OneDNN.useOneThread()`.
  package func makeWorkspace() -> Workspace { Workspace() }

  /// Scores posts of any length, with or without pictures, in their order.
  ///
  /// Posts in `cache` and repeated ones are not encoded again; without a cache, all are encoded. Throws for inputs that
  /// the model can't read, or for lack of memory; then no post is scored.
  package func callAsFunction(
    _ posts: [PostInputs], reusing cache: EncoderCache? = nil, using workspace: Workspace
  ) throws(ModelError) -> [PostScores] {
    for (index, post) in posts.enumerated() {
      if let fault = post.fault(for: configuration, pixelCount: imageEncoder.pixelCount) {
        throw .inputs(index: index, fault)
      }
    }
    guard !posts.isEmpty else { return [] }
    let together = configuration.postsTogether
    if posts.count > together {
      // No bit depends on which posts are computed together.
      var scores: [PostScores] = []
      for first in stride(from: 0, to: posts.count, by: together) {
        let part = Array(posts[first..<min(posts.count, first + together)])
        scores += try self(part, reusing: cache, using: workspace)
      }
      return scores
    }
    do throws(TensorError) {
      return try workspace.temporarily { () throws(TensorError) in try score(posts, cache, using: workspace) }
    } catch {
      throw .tensors(error)
    }
  }

  private func score(
    _ posts: [PostInputs], _ cache: EncoderCache?, using workspace: Workspace
  ) throws(TensorError) -> [PostScores] {
    let words = try encodeTexts(posts, cache, using: workspace)
    let pictures = try encodePictures(posts, cache, using: workspace)
    let features = try encodeFeatures(posts, using: workspace)
    let encoded = EncodedPosts(
      text: words.text, spans: words.spans, textBiases: posts.map(\.selfBias), pictures: pictures.stream,
      knowledge: words.knowledge, features: features.map(\.stream),
      textMeans: posts.indices.map { VectorMath.mean(words.text.rows(words.spans[$0])) },
      pictureMeans: pictures.aligned)
    let pooled = try aggregator(encoded, using: workspace).view
    let logits = try head(pooled, using: workspace)

    return posts.indices.map { index in
      PostScores(
        logits: logits.values(ofRow: index), text: encoded.textMeans[index], image: encoded.pictureMeans[index],
        fused: pooled.values(ofRow: index),
        features: zip(configuration.features, features).map { (space: $0.name, values: $1.aligned[index]) })
    }
  }
}

/// The last step: computes a logit for each label from the vector.
struct ClassificationHead: Sendable {
  private let classifier: PackedLinear

  init(_ weights: ModelWeights, _ configuration: ModelConfiguration) throws(ModelError) {
    // There is one row per post, so f32 costs nothing, and no later layer could even out rounding errors.
    classifier = try weights.with(.f32).linear(
      "classifier", inputs: configuration.dim, outputs: configuration.labelNames.count)
  }

  /// Returns a logit for each label of each post.
  func callAsFunction(_ pooled: MatrixView, using workspace: Workspace) throws(TensorError) -> MatrixView {
    try classifier(pooled, using: workspace).view
  }
}

/// The model's output for a post. Numbers that are not finite are passed on.
package struct PostScores: Sendable {
  /// One number for each label.
  package var logits: [Float]
  /// The softmax of the logits.
  package var probabilities: [Float]
  /// A vector of the shared width for each of `ModelConfiguration.spaces`, not normalised; none for a missing picture
  /// or feature stream.
  package var vectors: [(space: String, values: [Float]?)]
  /// The cosine of the text's and the picture's vector; nil without a picture.
  package var textImageSimilarity: Float?

  /// The index of the label with the highest probability; nil if a probability is not finite.
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
    textImageSimilarity = image.map { VectorMath.cosine(text, $0) }
  }
}

/// Runs two halves of the work at once, each on a thread with single-threaded products, and returns both results.
///
/// oneDNN's own thread pool could do the same work, but waits actively: on a busy machine that takes many times as
/// long.
func together<First: Sendable, Second: Sendable>(
  _ first: @Sendable () throws(ModelError) -> First, _ second: @Sendable () throws(ModelError) -> Second
) throws(ModelError) -> (First, Second) {
  nonisolated(unsafe) var one: Result<First, ModelError>?
  nonisolated(unsafe) var other: Result<Second, ModelError>?
  // Each iteration writes its own variable, and both are finished before they are read.
  DispatchQueue.concurrentPerform(iterations: 2) { half in
    OneDNN.useOneThread()
    if half == 0 {
      one = Result(catching: first)
    } else {
      other = Result(catching: second)
    }
  }
  guard let one, let other else { preconditionFailure("concurrentPerform runs every iteration") }
  return (try one.get(), try other.get())
}
