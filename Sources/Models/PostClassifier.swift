import Bytes
public import Tensors

/// The model on one page: text and picture to tokens, tokens into one space, both sides to one vector, the
/// vector to a label.
///
/// An immutable value, shared by all workers; each worker has a workspace of its own. A post's scores have the
/// same bits whatever posts are in its batch.
public struct PostClassifier: Sendable {
  /// The spaces of every model's vectors: the mean of a post's projected text tokens, the mean of its projected picture
  /// tokens, and what the label is read from.
  public static let spaces = ["text", "image", "fused"]

  /// What the model is.
  public let configuration: ModelConfiguration
  /// What the matrix products are computed in.
  public let precision: Precision
  /// The names of the matrices that are in bytes here.
  let quantisedTensors: Set<ByteText>
  let textEncoder: TextEncoder
  let imageEncoder: ImageEncoder
  let textProjection: Projection
  let imageProjection: Projection
  let featureProjections: [Projection]
  private let aggregator: any Aggregator
  private let head: Head

  /// Packs the weights of a model folder. A missing, misshapen or unexpected tensor is an error that names it, and
  /// so is a precision that this processor has no instructions for.
  ///
  /// The calling thread takes part, and afterwards multiplies alone (`OneDNN.useOneThread()`).
  public init(folder: ModelFolder, precision: Precision = .f32) throws(ModelError) {
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
          try Head(weights, configuration)
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

  /// A workspace for one worker thread, which first says `OneDNN.useOneThread()`.
  public func makeWorkspace() -> Workspace { Workspace() }

  /// Scores posts of any lengths, with pictures or without, in their order.
  ///
  /// What `cache` holds is not encoded again, nor is what stands twice among the posts; without one everything is.
  /// The error is about inputs that the model can't take, or about memory; no post is scored then.
  public func callAsFunction(
    _ posts: [PostInputs], reusing cache: TowerCache? = nil, using workspace: Workspace
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
    _ posts: [PostInputs], _ cache: TowerCache?, using workspace: Workspace
  ) throws(TensorError) -> [PostScores] {
    let words = try encodeTexts(posts, cache, using: workspace)
    let pictures = try encodePictures(posts, cache, using: workspace)
    let features = try encodeFeatures(posts, using: workspace)
    let encoded = EncodedPosts(
      text: words.text, spans: words.spans, textBiases: posts.map(\.selfBias), pictures: pictures.stream,
      knowledge: words.knowledge, features: features.map(\.stream),
      textMeans: posts.indices.map { Vectors.mean(words.text.rows(words.spans[$0])) },
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
