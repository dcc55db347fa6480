internal import Tensors

/// W2·ReLU(W1·[t; v; k] + b1) + b2 of the streams' means; k only where there is knowledge.
struct ConcatLayer {
  private let feedForward: FeedForward

  init(_ parameters: Parameters) { feedForward = FeedForward(parameters, "join", .relu) }

  /// What the way back needs.
  struct Saved {
    fileprivate let feedForward: FeedForward.Saved
    fileprivate let parts: Int
  }

  func forward(_ streams: Streams, _ pass: Pass) throws(TensorError) -> (pooled: Rows, saved: Saved) {
    var means = [streams.textMean, streams.imageMean]
    if let knowledge = streams.knowledge {
      means.append(try Means.forward(knowledge.rows, knowledge.ranges, pass))
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
    _ d: Rows, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: Pass
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let width = d.width, joined = try pass.rows(d.count, saved.parts * width)
      try feedForward.backward(d, saved.feedForward, into: joined, accumulating: false, pass)
      let knowledge = try pass.zeros(d.count, width)
      for (part, mean) in [gradients.textMean, gradients.imageMean, knowledge].prefix(saved.parts).enumerated() {
        for post in 0..<d.count {
          let from = joined.row(post) + part * width, to = mean.row(post)
          for column in 0..<width { to[column] += from[column] }
        }
      }
      if let tokens = gradients.knowledge, let ranges = streams.knowledge?.ranges {
        Means.backward(knowledge, ranges, addingTo: tokens)
      }
    }
  }
}
