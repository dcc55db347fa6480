internal import Models
internal import Tensors

/// The way of a stream of precomputed features into the shared space and back: a projection, no encoder.
struct FeatureTower {
  private let projection: FeedForward
  private let width: Int

  init(_ parameters: Parameters, _ stream: FeatureStream) {
    projection = FeedForward(parameters, stream.name + "_projection", .relu)
    width = stream.width
  }

  /// What the way back needs.
  struct Saved {
    fileprivate let projection: FeedForward.Saved
    fileprivate let rows: Int
  }

  /// The rows of posts as tokens, packed; behind them a token of zeros for each post that has none.
  func forward(
    _ posts: [Sight.Tokens<[Float]>?], dim: Int, _ pass: Pass
  ) throws(TensorError) -> (tokens: Streams.Tokens, saved: Saved?) {
    let count = posts.reduce(0) { $0 + ($1?.length ?? 0) }
    let tokens = try pass.zeros(count + posts.count { $0 == nil }, dim)
    var saved: Saved?
    if count > 0 {
      let rows = try pass.zeros(count, width)
      var next = 0
      for post in posts {
        guard let post else { continue }
        rows.row(next).update(from: post.raw, count: post.raw.count)
        next += post.length
      }
      let (projected, kept) = try projection.forward(try pass.operand(rows), pass)
      tokens.base.update(from: projected.base, count: count * dim)
      saved = Saved(projection: kept, rows: count)
    }
    var ranges: [Range<Int>] = [], next = 0, silent = count
    for post in posts {
      if let post {
        ranges.append(next..<next + post.length)
        next += post.length
      } else {
        ranges.append(silent..<silent + 1)
        silent += 1
      }
    }
    return (Streams.Tokens(rows: tokens, ranges: ranges), saved)
  }

  /// The gradients by the parameters grow; nobody asks for those by the features.
  func backward(_ gradients: Rows, _ saved: Saved, _ pass: Pass) throws(TensorError) {
    let tokens = try pass.zeros(saved.rows, gradients.width)
    // Behind the rows' tokens are those of zeros, which nobody has learnt.
    tokens.base.update(from: gradients.base, count: saved.rows * gradients.width)
    try projection.backward(tokens, saved.projection, into: nil, accumulating: false, pass)
  }
}
