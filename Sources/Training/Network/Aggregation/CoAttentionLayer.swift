internal import Glibc
internal import Tensors

/// Parallel co-attention (Lu et al. 2016, section 3.3) of the text's tokens T and the picture's V, without biases:
/// C = tanh(T·Waᵀ·Vᵀ), H_v = tanh(V·Wv ᵀ + Cᵀ·T·Wtᵀ), H_t = tanh(T·Wtᵀ + C·V·Wvᵀ), and each stream's tokens are
/// summed by softmax(H·w).
struct CoAttentionLayer {
  private let affinity: Linear
  private let text: Linear
  private let image: Linear
  private let textScore: Linear
  private let imageScore: Linear

  init(_ parameters: Parameters) {
    affinity = Linear(parameters, "join.affinity", hasBias: false)
    text = Linear(parameters, "join.text", hasBias: false)
    image = Linear(parameters, "join.image", hasBias: false)
    textScore = Linear(parameters, "join.text_score", hasBias: false)
    imageScore = Linear(parameters, "join.image_score", hasBias: false)
  }

  /// Values kept for the backward pass.
  struct Saved {
    fileprivate let tokens: (text: Operand, image: Operand)
    /// T·Waᵀ, T·Wtᵀ and V·Wvᵀ.
    fileprivate let affine: Matrix
    fileprivate let projected: (text: Matrix, image: Matrix)
    fileprivate let hidden: (text: Matrix, image: Matrix)
    fileprivate let hiddenFactor: (text: Operand, image: Operand)
    /// C of every post, and the offset of each.
    fileprivate let affinities: UnsafeMutablePointer<Float>
    fileprivate let places: [Int]
    /// Each token's weight in its post's sum.
    fileprivate let shares: (text: [Float], image: [Float])
  }

  func forward(_ streams: Streams, _ pass: StepContext) throws(TensorError) -> (pooled: Matrix, saved: Saved) {
    let (t, v) = (streams.text, streams.image), width = t.tokens.width
    let factors = (text: try pass.operand(t.tokens), image: try pass.operand(v.tokens))
    let affine = try affinity.forward(factors.text, pass)
    let projected = (text: try text.forward(factors.text, pass), image: try image.forward(factors.image, pass))
    let hidden = (text: try pass.zeros(t.tokens.rows, width), image: try pass.zeros(v.tokens.rows, width))
    var places: [Int] = [], total = 0
    for (texts, patches) in zip(t.ranges, v.ranges) {
      places.append(total)
      total += texts.count * patches.count
    }
    let affinities = try pass.memory.take(total)
    try pass.threadPool.share(streams.posts) { (post, _) throws(TensorError) in
      let (texts, patches) = (t.ranges[post], v.ranges[post]), c = affinities + places[post]
      for row in texts { hidden.text.row(row).update(from: projected.text.row(row), count: width) }
      for row in patches { hidden.image.row(row).update(from: projected.image.row(row), count: width) }
      for (i, row) in texts.enumerated() {
        for (j, patch) in patches.enumerated() {
          let a = tanhf(dot(affine.row(row), v.tokens.row(patch), width))
          c[i * patches.count + j] = a
          add(a, projected.text.row(row), to: hidden.image.row(patch), width)
          add(a, projected.image.row(patch), to: hidden.text.row(row), width)
        }
      }
      for (rows, range) in [(hidden.text, texts), (hidden.image, patches)] {
        for index in range.lowerBound * width..<range.upperBound * width { rows.base[index] = tanhf(rows.base[index]) }
      }
    }
    let hiddenFactor = (text: try pass.operand(hidden.text), image: try pass.operand(hidden.image))
    let shares = (
      text: softmax(try textScore.forward(hiddenFactor.text, pass), t.ranges),
      image: softmax(try imageScore.forward(hiddenFactor.image, pass), v.ranges)
    )
    let pooled = try pass.zeros(streams.posts, width)
    for post in 0..<streams.posts {
      for row in t.ranges[post] { add(shares.text[row], t.tokens.row(row), to: pooled.row(post), width) }
      for row in v.ranges[post] { add(shares.image[row], v.tokens.row(row), to: pooled.row(post), width) }
    }
    return (
      pooled,
      Saved(
        tokens: factors, affine: affine, projected: projected, hidden: hidden, hiddenFactor: hiddenFactor,
        affinities: affinities, places: places, shares: shares)
    )
  }

  func backward(
    _ d: Matrix, _ saved: Saved, _ streams: Streams, addingTo gradients: StreamGradients, _ pass: StepContext
  ) throws(TensorError) {
    try pass.temporarily { () throws(TensorError) in
      let (t, v) = (streams.text, streams.image), width = d.width
      // Backwards through the weighted sums and the scores to the hidden tokens.
      let dText = try scores(d, t, saved.shares.text, addingTo: gradients.text, pass)
      let dImage = try scores(d, v, saved.shares.image, addingTo: gradients.image, pass)
      let hidden = (text: try pass.zeros(t.tokens.rows, width), image: try pass.zeros(v.tokens.rows, width))
      try textScore.backward(dText, of: saved.hiddenFactor.text, into: hidden.text, pass)
      try imageScore.backward(dImage, of: saved.hiddenFactor.image, into: hidden.image, pass)
      try throughTanh(hidden.text, saved.hidden.text, pass)
      try throughTanh(hidden.image, saved.hidden.image, pass)
      // Backwards to the projections and the affinities, and to their inputs.
      let projected = (text: try pass.zeros(t.tokens.rows, width), image: try pass.zeros(v.tokens.rows, width))
      let affine = try pass.zeros(t.tokens.rows, width)
      try pass.add(hidden.text, to: projected.text)
      try pass.add(hidden.image, to: projected.image)
      try pass.threadPool.share(streams.posts) { (post, _) throws(TensorError) in
        let (texts, patches) = (t.ranges[post], v.ranges[post]), c = saved.affinities + saved.places[post]
        for (i, row) in texts.enumerated() {
          for (j, patch) in patches.enumerated() {
            let a = c[i * patches.count + j]
            add(a, hidden.image.row(patch), to: projected.text.row(row), width)
            add(a, hidden.text.row(row), to: projected.image.row(patch), width)
            let da =
              (dot(hidden.image.row(patch), saved.projected.text.row(row), width)
                + dot(hidden.text.row(row), saved.projected.image.row(patch), width)) * (1 - a * a)
            add(da, v.tokens.row(patch), to: affine.row(row), width)
            add(da, saved.affine.row(row), to: gradients.image.row(patch), width)
          }
        }
      }
      try affinity.backward(affine, of: saved.tokens.text, into: gradients.text, accumulating: true, pass)
      try text.backward(projected.text, of: saved.tokens.text, into: gradients.text, accumulating: true, pass)
      try image.backward(projected.image, of: saved.tokens.image, into: gradients.image, accumulating: true, pass)
    }
  }

  /// Computes the gradient with respect to each token's score, and adds to that of the summed tokens.
  private func scores(
    _ d: Matrix, _ stream: Streams.Tokens, _ shares: [Float], addingTo tokens: Matrix, _ pass: StepContext
  ) throws(TensorError) -> Matrix {
    let back = try pass.zeros(stream.tokens.rows, 1)
    for (post, range) in stream.ranges.enumerated() {
      var along: Float = 0
      for row in range {
        back.base[row] = dot(d.row(post), stream.tokens.row(row), d.width)
        along += back.base[row] * shares[row]
        add(shares[row], d.row(post), to: tokens.row(row), d.width)
      }
      for row in range { back.base[row] = shares[row] * (back.base[row] - along) }
    }
    return back
  }

  private func throughTanh(_ d: Matrix, _ y: Matrix, _ pass: StepContext) throws(TensorError) {
    try pass.shareNumbers(d.numbers) { range in
      for index in range { d.base[index] *= 1 - y.base[index] * y.base[index] }
    }
  }

  private func softmax(_ scores: Matrix, _ ranges: [Range<Int>]) -> [Float] {
    var shares = [Float](repeating: 0, count: scores.rows)
    for range in ranges {
      let top = range.reduce(-Float.infinity) { Swift.max($0, scores.base[$1]) }
      let total = range.reduce(Float(0)) { $0 + expf(scores.base[$1] - top) }
      for row in range { shares[row] = expf(scores.base[row] - top) / total }
    }
    return shares
  }
}

/// Σ x·y, in sixteen sums that the compiler keeps in registers; scoring's `VectorMath.dot` has eight, so its last bits
/// differ.
private func dot(_ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int) -> Float {
  var sums = SIMD16<Float>(repeating: 0), index = 0
  while index + 16 <= count {
    let a = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD16<Float>.self)
    sums += a * UnsafeRawPointer(y + index).loadUnaligned(as: SIMD16<Float>.self)
    index += 16
  }
  var sum = sums.sum()
  while index < count {
    sum += x[index] * y[index]
    index += 1
  }
  return sum
}

/// y += a · x.
private func add(_ a: Float, _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, _ count: Int) {
  for index in 0..<count { y[index] += a * x[index] }
}
