internal import Glibc
package import Tensors

/// The encoded tokens of a batch of posts, in the shared space.
struct EncodedPosts {
  /// The tokens of all texts.
  let text: MatrixView
  /// Where each post's text tokens are.
  let spans: RowSpans
  /// A matrix of each post's text tokens × text tokens, which methods with attention add to the scores.
  let textBiases: [[Float]?]
  /// The tokens of all pictures; a post without one has a token of zeros.
  let pictures: ContextStream
  /// The tokens of all knowledge; nil for a model without knowledge.
  let knowledge: ContextStream?
  /// The rows of each feature stream; a post without any has a token of zeros.
  let features: [ContextStream]
  /// The mean of each post's text tokens.
  let textMeans: [[Float]]
  /// The mean of each post's picture tokens; nil for a post without a picture.
  let pictureMeans: [[Float]?]

  /// The number of posts.
  var count: Int { spans.count }
  /// The width of the shared space.
  var dim: Int { text.width }

  /// The mean of a post's picture tokens, zeros for a post without a picture.
  func pictureMean(_ index: Int) -> [Float] { pictureMeans[index] ?? [Float](repeating: 0, count: dim) }
}

/// Combines each post's tokens into the vector that is classified; see `Aggregation`.
protocol Aggregator: Sendable {
  /// Returns a row of the shared width for each post; each row depends only on its own post.
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

/// The mean of one modality's tokens; the other modality is ignored.
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

/// W₂ ReLU(W₁ [t; v; k]) of the modalities' means; k only in a model with knowledge.
struct Concat: Aggregator {
  private let hidden: PackedLinear
  private let shared: PackedLinear

  init(_ weights: ModelWeights, dim: Int, knowledge: Bool) throws(ModelError) {
    // As in the head: there is one row per post, so f32 costs nothing.
    let weights = weights.with(.f32)
    hidden = try weights.linear("fc1", inputs: dim * (knowledge ? 3 : 2), outputs: dim)
    shared = try weights.linear("fc2", inputs: dim, outputs: dim)
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let means = try workspace.matrix(rows: posts.count, width: hidden.inputs)
    for index in 0..<posts.count {
      var row = posts.textMeans[index] + posts.pictureMean(index)
      if let knowledge = posts.knowledge {
        row += VectorMath.mean(knowledge.tokens.rows(knowledge.ranges[index]))
      }
      means.row(index).update(from: row, count: row.count)
    }
    return try shared(hidden(means.view, .relu, using: workspace).view, using: workspace)
  }
}

/// g t + (1 − g) v with g = σ(W [t; v]): for each number, a gate chooses between the text's and the picture's mean.
struct GatedSum: Aggregator {
  private let gate: PackedLinear

  init(_ weights: ModelWeights, dim: Int) throws(ModelError) {
    // As in the head: there is one row per post, so f32 costs nothing.
    gate = try weights.with(.f32).linear("gate", inputs: 2 * dim, outputs: dim)
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let dim = posts.dim
    let means = try workspace.matrix(rows: posts.count, width: 2 * dim)
    for index in 0..<posts.count {
      means.row(index).update(from: posts.textMeans[index] + posts.pictureMean(index), count: 2 * dim)
    }
    let pooled = try gate(means.view, using: workspace)
    for index in 0..<posts.count {
      let row = pooled.row(index), text = means.row(index), picture = text + dim
      for column in 0..<dim {
        let share = 1 / (1 + exp(-row[column]))
        row[column] = share * text[column] + (1 - share) * picture[column]
      }
    }
    return pooled
  }
}

/// Parallel co-attention of text tokens T and picture tokens V (Lu et al. 2016, arXiv 1606.00061).
///
/// C = tanh(T W_b Vᵀ) is the affinity of each text token with each picture token. Each side's tokens are weighted by
/// their own values and those of the related tokens on the other side: softmax(tanh(T W_t + C V W_v) w_t) over the
/// text's tokens, softmax(tanh(V W_v + Cᵀ T W_t) w_v) over the picture's. The sum of both weighted means is the post's
/// vector. There are no biases.
package struct CoAttention: Aggregator {
  /// C, T × P, for an observer of attention.
  package static let affinity = AttentionSource(index: 0, stream: "affinity")
  /// The weights of the text's tokens in their mean, 1 × T.
  package static let textWeights = AttentionSource(index: 0, stream: "text")
  /// The weights of the picture's tokens in their mean, 1 × P.
  package static let imageWeights = AttentionSource(index: 0, stream: "image")

  /// W_b and W_t, which both multiply the text's tokens, side by side.
  private let affinityAndText: PackedLinear
  private let image: PackedLinear
  private let textScore: [Float]
  private let imageScore: [Float]

  init(_ weights: ModelWeights, dim: Int) throws(ModelError) {
    affinityAndText = try weights.linear(joining: ["affinity", "text"], inputs: dim, outputs: dim, biased: false)
    image = try weights.linear(joining: ["image"], inputs: dim, outputs: dim, biased: false)
    textScore = try weights.values("text_score.weight", [1, dim])
    imageScore = try weights.values("image_score.weight", [1, dim])
  }

  func callAsFunction(_ posts: EncodedPosts, using workspace: Workspace) throws(TensorError) -> Matrix {
    let dim = posts.dim
    let pooled = try workspace.matrix(rows: posts.count, width: dim)
    try workspace.temporarily { () throws(TensorError) in
      let words = try affinityAndText(posts.text, using: workspace).view
      let patches = try image(posts.pictures.tokens, using: workspace).view
      for index in 0..<posts.count {
        let tokens = posts.spans[index], seen = posts.pictures.ranges[index]
        let text = posts.text.rows(tokens), picture = posts.pictures.tokens.rows(seen)
        let words = words.rows(tokens), spoken = words.columns(dim..<2 * dim), patches = patches.rows(seen)
        try workspace.temporarily { () throws(TensorError) in
          let related = try affinity(words.columns(0..<dim), picture, using: workspace)
          let sum = pooled.row(index)
          sum.update(repeating: 0, count: dim)
          let words = add(text, weighing: spoken, by: textScore, patches, to: sum) { related.row($0)[$1] }
          let places = add(picture, weighing: patches, by: imageScore, spoken, to: sum) { related.row($1)[$0] }
          if let observer = workspace.attentionObserver {
            Self.show(observer, index, related.view, words, places)
          }
        }
      }
    }
    return pooled
  }

  /// Passes a post's weights to an observer.
  private static func show(
    _ observer: any AttentionObserver, _ post: Int, _ related: MatrixView, _ words: [Float], _ places: [Float]
  ) {
    if observer.observes(affinity) {
      observer.observe(
        AttentionWeights(
          heads: 1, queries: related.rows, keys: related.width,
          values: (0..<related.rows).flatMap { related.values(ofRow: $0) }), of: affinity, sequence: post)
    }
    for (layer, weights) in [(textWeights, words), (imageWeights, places)] where observer.observes(layer) {
      observer.observe(
        AttentionWeights(heads: 1, queries: 1, keys: weights.count, values: weights), of: layer, sequence: post)
    }
  }

  /// tanh(a·bᵀ): text tokens × picture tokens.
  private func affinity(
    _ a: MatrixView, _ b: MatrixView, using workspace: Workspace
  ) throws(TensorError) -> Matrix {
    let affinity = try workspace.matrix(rows: a.rows, width: b.rows)
    workspace.operations += 2 * a.rows * b.rows * a.width
    for row in 0..<a.rows {
      for column in 0..<b.rows {
        affinity.row(row)[column] = tanh(VectorMath.dot(a.row(row), b.row(column), count: a.width))
      }
    }
    return affinity
  }

  /// Adds the mean of `tokens` to `sum`, token i weighted by the softmax of score · tanh(own_i + Σⱼ related(i, j) otherⱼ);
  /// returns these weights.
  private func add(
    _ tokens: MatrixView, weighing own: MatrixView, by score: [Float], _ other: MatrixView,
    to sum: UnsafeMutablePointer<Float>, _ related: (Int, Int) -> Float
  ) -> [Float] {
    let dim = own.width
    var scores: [Float] = []
    for token in 0..<own.rows {
      var said = own.values(ofRow: token)
      for index in 0..<other.rows {
        let weight = related(token, index), row = other.row(index)
        for column in 0..<dim { said[column] += weight * row[column] }
      }
      for column in 0..<dim { said[column] = tanh(said[column]) }
      scores.append(VectorMath.dot(said, score, count: dim))
    }
    let weights = scores.softmax()
    for (token, weight) in weights.enumerated() {
      let row = tokens.row(token)
      for column in 0..<dim { sum[column] += weight * row[column] }
    }
    return weights
  }
}
