internal import CKernels

/// softmax(Q·Kᵀ / √size + bias)·V of each post's tokens, head by head, with its projections and the backward pass.
///
/// Keeps the probabilities of every head, heads × queries × keys numbers per post; ``Attention``, for scoring, keeps
/// none.
package struct AttentionLayer {
  private let query: Linear
  private let key: Linear
  private let value: Linear
  private let heads: Int
  /// Whether attention weights are dropped; the picture encoder's are not.
  private let drops: Bool

  /// The layers `name.query`, `name.key` and `name.value`.
  package init(_ parameters: Parameters, _ name: String, heads: Int, drops: Bool) {
    query = Linear(parameters, name + ".query")
    key = Linear(parameters, name + ".key")
    value = Linear(parameters, name + ".value")
    (self.heads, self.drops) = (heads, drops)
  }

  /// The values that the backward pass needs.
  package struct Saved {
    fileprivate let x: Operand
    fileprivate let y: Operand
    fileprivate let query: Matrix
    fileprivate let key: Matrix
    fileprivate let value: Matrix
    fileprivate let out: Matrix
    fileprivate let posts: [Post]
    fileprivate let shares: UnsafeMutablePointer<Float>
    fileprivate let dropout: ckernels_dropout
    fileprivate let isCausal: Bool
  }

  /// One post's part of it.
  fileprivate struct Post {
    let queries: Range<Int>
    let keys: Range<Int>
    /// The index of its first weight.
    let first: Int
    let bias: [Float]?
  }

  /// x attends to y, post by post: x's rows `queries[i]` to y's rows `keys[i]`; with a causal mask, a token attends
  /// only to itself and to those before it.
  package func forward(
    _ x: Operand, _ queries: [Range<Int>], to y: Operand, _ keys: [Range<Int>], biases: [[Float]?]? = nil,
    isCausal: Bool = false, _ pass: StepContext
  ) throws(TensorError) -> (out: Matrix, saved: Saved) {
    let q = try query.forward(x, pass), k = try key.forward(y, pass), v = try value.forward(y, pass)
    let out = try pass.matrix(x.rows, q.width)
    out.clearPadding()
    var posts: [Post] = [], shares = 0
    for (index, (queries, keys)) in zip(queries, keys).enumerated() {
      posts.append(Post(queries: queries, keys: keys, first: shares, bias: biases?[index]))
      let numbers = heads * queries.count * ((keys.count + 15) / 16 * 16)
      shares += (numbers + 63) / 64 * 64
    }
    let site = DropoutSite(pass)
    let saved = Saved(
      x: x, y: y, query: q, key: k, value: v, out: out, posts: posts, shares: try pass.memory.take(shares),
      dropout: drops ? site.kernel : ckernels_dropout(), isCausal: isCausal)
    try eachPost(saved, pass) { arguments in ckernels_attention_forward(&arguments) }
    return (out, saved)
  }

  /// The gradients with respect to x and y; that of y is added to `dy`, that of x written to or added to `dx`.
  package func backward(
    _ dOut: Matrix, _ saved: Saved, into dx: Matrix, accumulating: Bool, addingTo dy: Matrix?,
    _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let dq = try pass.zeros(saved.query.rows, saved.query.width)
      let dk = try pass.zeros(saved.key.rows, saved.key.width)
      let dv = try pass.zeros(saved.value.rows, saved.value.width)
      try eachPost(saved, dOut: dOut, into: (dq, dk, dv), pass) { arguments in ckernels_attention_back(&arguments) }
      try query.backward(dq, of: saved.x, into: dx, accumulating: accumulating, pass)
      try key.backward(dk, of: saved.y, into: dy, accumulating: true, pass)
      try value.backward(dv, of: saved.y, into: dy, accumulating: true, pass)
    }
  }

  private func eachPost(
    _ saved: Saved, dOut: Matrix? = nil, into d: (query: Matrix, key: Matrix, value: Matrix)? = nil,
    _ pass: StepContext,
    _ kernel: (inout ckernels_training_attention) -> Void
  ) throws(TensorError) {
    try pass.checkStop()
    let width = saved.query.width, size = width / heads
    let longest =
      saved.posts.map { post in
        ckernels_training_attention_scratch(post.queries.count, post.keys.count, heads, size)
      }.max() ?? 0
    try pass.temporarily { () throws(TensorError) in
      let scratch = try pass.memory.take(longest * pass.threadPool.members)
      try pass.threadPool.share(saved.posts.count) { (index, member) throws(TensorError) in
        let post = saved.posts[index], from = post.queries.lowerBound, to = post.keys.lowerBound
        func run(_ bias: UnsafePointer<Float>?) {
          var arguments = ckernels_training_attention(
            query: saved.query.row(from), key: saved.key.row(to), value: saved.value.row(to), bias: bias,
            shares: saved.shares + post.first, out: saved.out.row(from), d_out: dOut?.row(from),
            d_query: d?.query.row(from), d_key: d?.key.row(to), d_value: d?.value.row(to), stride: width,
            queries: post.queries.count, keys: post.keys.count, heads: heads, size: size,
            causal: saved.isCausal ? 1 : 0, dropout: saved.dropout,
            first: post.first, scratch: scratch + member * longest)
          kernel(&arguments)
        }
        if let bias = post.bias {
          bias.withUnsafeBufferPointer { run($0.baseAddress) }
        } else {
          run(nil)
        }
      }
    }
  }
}
