internal import Tensors

/// A batch's tokens in the shared space, stream by stream, and their means.
struct Streams {
  /// Rows of tokens, packed, and each post's part of them.
  struct Tokens {
    let rows: Rows
    let ranges: [Range<Int>]
  }

  let text: Tokens
  /// A post without a picture has one token of zeros.
  let image: Tokens
  let knowledge: Tokens?
  /// Streams of features; a post without any in one has one token of zeros there.
  let features: [Tokens]
  /// A vector a post.
  let textMean: Rows
  /// A vector a post; zeros for one without a picture.
  let imageMean: Rows
  /// A vector a post for each stream of features; zeros for one without any.
  let featureMeans: [Rows]
  /// Text tokens × text tokens of each post, added to the text's scores.
  let selfBiases: [[Float]?]
  /// Text tokens × knowledge tokens.
  let crossBiases: [[Float]?]

  /// How many posts there are.
  var posts: Int { text.ranges.count }
}

/// The gradients by a batch's tokens and by their means; the latter must still be handed on to the tokens.
struct StreamGradients {
  let text: Rows
  let image: Rows
  let knowledge: Rows?
  let features: [Rows]
  let textMean: Rows
  let imageMean: Rows
  let featureMeans: [Rows]

  /// Zeros.
  init(_ streams: Streams, _ pass: Pass) throws(TensorError) {
    let width = streams.text.rows.width
    text = try pass.zeros(streams.text.rows.count, width)
    image = try pass.zeros(streams.image.rows.count, width)
    if let rows = streams.knowledge?.rows {
      knowledge = try pass.zeros(rows.count, width)
    } else {
      knowledge = nil
    }
    var features: [Rows] = [], featureMeans: [Rows] = []
    for stream in streams.features {
      features.append(try pass.zeros(stream.rows.count, width))
      featureMeans.append(try pass.zeros(streams.posts, width))
    }
    (self.features, self.featureMeans) = (features, featureMeans)
    textMean = try pass.zeros(streams.posts, width)
    imageMean = try pass.zeros(streams.posts, width)
  }
}
