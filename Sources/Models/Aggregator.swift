internal import Tensors

/// What the encoders made of a batch of posts, in the shared space.
struct EncodedPosts {
  /// The tokens of all texts.
  let text: MatrixView
  /// Where each post's text tokens are.
  let spans: RowSpans
  /// Each post's text tokens × text tokens, for whoever has scores to add them to.
  let textBiases: [[Float]?]
  /// The tokens of all pictures; a post without one has a token of zeros.
  let pictures: ContextStream
  /// The tokens of all knowledge; nil for a model that does not read any.
  let knowledge: ContextStream?
  /// The rows of each stream of features; a post without any has a token of zeros.
  let features: [ContextStream]
  /// The mean of each post's text tokens.
  let textMeans: [[Float]]
  /// The mean of each post's picture tokens; nil for a post without a picture.
  let pictureMeans: [[Float]?]

  /// How many posts there are.
  var count: Int { spans.count }
  /// The width of the shared space.
  var dim: Int { text.width }

  /// The mean of a post's picture tokens, zeros for a post without a picture.
  func pictureMean(_ index: Int) -> [Float] { pictureMeans[index] ?? [Float](repeating: 0, count: dim) }
}

/// Makes of each post's tokens the one vector that its label is read from; see `Aggregation`.
protocol Aggregator: Sendable {
  /// A row of the shared width for each post, which depends on that post alone.
  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix
}

extension Aggregation {
  /// This aggregation with the model's own weights.
  func aggregator(
    _ weights: ModelWeights, _ configuration: ModelConfiguration
  ) throws(ModelError) -> any Aggregator {
    let dim = configuration.dim, join = weights["join"]
    return switch self {
    case .crossAttention: try Fusion(weights, configuration)
    case .concat: try Concat(join, dim: dim, knowledge: configuration.knowledge)
    case .gated: try GatedSum(join, dim: dim)
    case .coAttention: try CoAttention(join, dim: dim)
    case .text: OneModality.text
    case .image: OneModality.image
    }
  }
}

/// The mean of one modality's tokens, and nothing of the other's.
enum OneModality: Aggregator {
  case text
  case image

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let pooled = try workspace.matrix(rows: posts.count, width: posts.dim)
    for index in 0..<posts.count {
      let mean = self == .text ? posts.textMeans[index] : posts.pictureMean(index)
      pooled.row(index).update(from: mean, count: posts.dim)
    }
    return pooled
  }
}
