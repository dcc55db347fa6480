internal import Glibc
internal import Models
internal import Tensors

/// Combines a post's streams into the vector that is classified.
enum AggregationLayer {
  /// The text attends to the other streams, layer by layer, and is pooled, as in the paper.
  case crossAttention(CrossAttentionLayers)
  /// Two products on the concatenated means of the streams.
  case concat(ConcatLayer)
  /// A gate between the text's and the picture's mean.
  case gated(GatedLayer)
  /// Parallel co-attention of the text's and the picture's tokens.
  case coAttention(CoAttentionLayer)
  /// Only the text's mean.
  case text
  /// Only the picture's mean.
  case image

  init(_ parameters: Parameters, _ configuration: ModelConfiguration) {
    switch configuration.aggregation {
    case .crossAttention: self = .crossAttention(CrossAttentionLayers(parameters, configuration))
    case .concat: self = .concat(ConcatLayer(parameters))
    case .gated: self = .gated(GatedLayer(parameters))
    case .coAttention: self = .coAttention(CoAttentionLayer(parameters))
    case .text: self = .text
    case .image: self = .image
    }
  }

  /// Values kept for the backward pass.
  enum Saved {
    case crossAttention(CrossAttentionLayers.Saved)
    case concat(ConcatLayer.Saved)
    case gated(GatedLayer.Saved)
    case coAttention(CoAttentionLayer.Saved)
    case nothing
  }

  /// Returns a vector for each post.
  func forward(_ streams: Streams, _ pass: StepContext) throws(TensorError) -> (pooled: Matrix, saved: Saved) {
    switch self {
    case .crossAttention(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .crossAttention(saved))
    case .concat(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .concat(saved))
    case .gated(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .gated(saved))
    case .coAttention(let layer):
      let (pooled, saved) = try layer.forward(streams, pass)
      return (pooled, .coAttention(saved))
    case .text: return (streams.textMean, .nothing)
    case .image: return (streams.imageMean, .nothing)
    }
  }

  /// Adds to the gradients with respect to the streams.
  func backward(
    _ d: Matrix, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    switch (self, saved) {
    case (.crossAttention(let layer), .crossAttention(let saved)):
      try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.concat(let layer), .concat(let saved)): try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.gated(let layer), .gated(let saved)): try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.coAttention(let layer), .coAttention(let saved)):
      try layer.backward(d, saved, streams, addingTo: gradients, pass)
    case (.text, .nothing): try pass.add(d, to: gradients.textMean)
    case (.image, .nothing): try pass.add(d, to: gradients.imageMean)
    default: preconditionFailure("a layer goes back over what it kept")
    }
  }
}

/// A batch's tokens in the shared space, stream by stream, and their means.
struct Streams {
  /// The rows of tokens, packed, and each post's part of them.
  struct Tokens {
    let tokens: Matrix
    let ranges: [Range<Int>]
  }

  let text: Tokens
  /// A post without a picture has one token of zeros.
  let image: Tokens
  let knowledge: Tokens?
  /// Feature streams; a post without rows in one has one token of zeros there.
  let features: [Tokens]
  /// A vector for each post.
  let textMean: Matrix
  /// A vector for each post; zeros for one without a picture.
  let imageMean: Matrix
  /// A vector for each post in each feature stream; zeros for one without rows.
  let featureMeans: [Matrix]
  /// Text tokens × text tokens of each post, added to the text's scores.
  let selfBiases: [[Float]?]
  /// Text tokens × knowledge tokens.
  let crossBiases: [[Float]?]

  /// The number of posts.
  var posts: Int { text.ranges.count }
}

/// The gradients with respect to a batch's tokens and to their means; the latter must still be propagated to the
/// tokens.
struct StreamGradients {
  let text: Matrix
  let image: Matrix
  let knowledge: Matrix?
  let features: [Matrix]
  let textMean: Matrix
  let imageMean: Matrix
  let featureMeans: [Matrix]

  /// Creates gradients of zero.
  init(_ streams: Streams, _ pass: StepContext) throws(TensorError) {
    let width = streams.text.tokens.width
    text = try pass.zeros(streams.text.tokens.rows, width)
    image = try pass.zeros(streams.image.tokens.rows, width)
    if let tokens = streams.knowledge?.tokens {
      knowledge = try pass.zeros(tokens.rows, width)
    } else {
      knowledge = nil
    }
    var features: [Matrix] = [], featureMeans: [Matrix] = []
    for stream in streams.features {
      features.append(try pass.zeros(stream.tokens.rows, width))
      featureMeans.append(try pass.zeros(streams.posts, width))
    }
    (self.features, self.featureMeans) = (features, featureMeans)
    textMean = try pass.zeros(streams.posts, width)
    imageMean = try pass.zeros(streams.posts, width)
  }
}

/// W2·ReLU(W1·[t; v; k] + b1) + b2 of the streams' means; k only if there is knowledge.
struct ConcatLayer {
  private let feedForward: FeedForwardLayer

  init(_ parameters: Parameters) { feedForward = FeedForwardLayer(parameters, "join", .relu) }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let feedForward: FeedForwardLayer.Saved
    fileprivate let parts: Int
  }

  func forward(_ streams: Streams, _ pass: StepContext) throws(TensorError) -> (pooled: Matrix, saved: Saved) {
    var means = [streams.textMean, streams.imageMean]
    if let knowledge = streams.knowledge {
      means.append(try MeanPooling.forward(knowledge.tokens, knowledge.ranges, pass))
    }
    let width = streams.textMean.width, joined = try pass.zeros(streams.posts, means.count * width)
    for (part, mean) in means.enumerated() {
      for post in 0..<streams.posts {
        (joined.row(post) + part * width).update(from: mean.row(post), count: width)
      }
    }
    let (pooled, saved) = try feedForward.forward(try pass.operand(joined), pass)
    return (pooled, Saved(feedForward: saved, parts: means.count))
  }

  func backward(
    _ d: Matrix, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let width = d.width, joined = try pass.matrix(d.rows, saved.parts * width)
      try feedForward.backward(d, saved.feedForward, into: joined, accumulating: false, pass)
      let knowledge = try pass.zeros(d.rows, width)
      for (part, mean) in [gradients.textMean, gradients.imageMean, knowledge].prefix(saved.parts).enumerated() {
        for post in 0..<d.rows {
          let from = joined.row(post) + part * width, to = mean.row(post)
          for column in 0..<width { to[column] += from[column] }
        }
      }
      if let tokens = gradients.knowledge, let ranges = streams.knowledge?.ranges {
        MeanPooling.backward(knowledge, ranges, addingTo: tokens)
      }
    }
  }
}

/// g ∘ t + (1 − g) ∘ v with g = sigmoid(W·[t; v] + b), where t and v are the means of text and picture.
struct GatedLayer {
  private let gate: Linear

  init(_ parameters: Parameters) { gate = Linear(parameters, "join.gate") }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let joined: Operand
    fileprivate let gates: Matrix
  }

  func forward(_ streams: Streams, _ pass: StepContext) throws(TensorError) -> (pooled: Matrix, saved: Saved) {
    let (text, image) = (streams.textMean, streams.imageMean), width = text.width
    let joined = try pass.zeros(streams.posts, 2 * width), pooled = try pass.zeros(streams.posts, width)
    for post in 0..<streams.posts {
      joined.row(post).update(from: text.row(post), count: width)
      (joined.row(post) + width).update(from: image.row(post), count: width)
    }
    let operand = try pass.operand(joined), gates = try gate.forward(operand, pass)
    for index in 0..<streams.posts * width {
      let g = 1 / (1 + expf(-gates.base[index]))
      gates.base[index] = g
      pooled.base[index] = g * text.base[index] + (1 - g) * image.base[index]
    }
    return (pooled, Saved(joined: operand, gates: gates))
  }

  func backward(
    _ d: Matrix, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let (text, image) = (streams.textMean, streams.imageMean), width = d.width
      let inner = try pass.zeros(d.rows, width), joined = try pass.matrix(d.rows, 2 * width)
      for index in 0..<d.rows * width {
        let g = saved.gates.base[index], dy = d.base[index]
        inner.base[index] = dy * (text.base[index] - image.base[index]) * g * (1 - g)
        gradients.textMean.base[index] += dy * g
        gradients.imageMean.base[index] += dy * (1 - g)
      }
      try gate.backward(inner, of: saved.joined, into: joined, pass)
      for post in 0..<d.rows {
        let from = joined.row(post)
        for column in 0..<width {
          gradients.textMean.row(post)[column] += from[column]
          gradients.imageMean.row(post)[column] += from[width + column]
        }
      }
    }
  }
}
