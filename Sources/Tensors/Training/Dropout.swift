internal import CKernels

/// The dropout of one step. The seed, the step, and a number's position decide whether it is set to zero.
package struct Dropout: Sendable {
  /// The share of numbers that is dropped.
  let share: Double
  /// The run's seed.
  let seed: UInt64
  /// The step's number, and the index of the part of its posts.
  let step: UInt32
  let part: UInt32

  /// Drops each number with probability `share`, from 0 to below 1.
  package init(share: Double, seed: UInt64, step: UInt32, part: UInt32) {
    (self.share, self.seed, self.step, self.part) = (share, seed, step, part)
  }

  /// The kernels' form of it, at a position of the network.
  func at(_ site: UInt32) -> ckernels_dropout {
    let least = UInt32(clamping: Int((share * 4_294_967_296).rounded()))
    return ckernels_dropout(
      seed: seed, site: site, step: step, part: part, least: least, scale: Float(1 / (1 - share)))
  }
}

/// Sets numbers to 0 at random and scales the others by 1 / (1 - share). Each position in a network has its own site.
package struct DropoutSite {
  private let dropped: ckernels_dropout?

  /// The next site of the pass; it drops nothing if the pass has no dropout.
  package init(_ pass: StepContext) {
    let site = pass.nextSite()
    dropped = pass.dropout?.at(site)
  }

  /// x with numbers dropped; x itself if nothing is dropped.
  package func forward(_ x: Matrix, _ pass: StepContext) throws(TensorError) -> Matrix {
    guard dropped != nil else { return x }
    let y = try pass.matrix(x.rows, x.width)
    try apply(x, to: y, pass)
    return y
  }

  /// y = the residual + the remaining values of x.
  package func forward(_ x: Matrix, addedTo residual: Matrix, into y: Matrix, _ pass: StepContext)
    throws(TensorError)
  {
    if let dropped {
      try pass.shareNumbers(x.numbers) { range in
        let first = range.lowerBound
        ckernels_dropout_apply(x.base + first, residual.base + first, y.base + first, first, range.count, dropped)
      }
    } else {
      try pass.shareNumbers(x.numbers) { range in
        let first = range.lowerBound
        (y.base + first).update(from: residual.base + first, count: range.count)
        ckernels_add(x.base + first, y.base + first, range.count)
      }
    }
  }

  /// The gradient with respect to x: dy itself if nothing was dropped, so copy it before changing it.
  package func backward(_ dy: Matrix, _ pass: StepContext) throws(TensorError) -> Matrix {
    guard dropped != nil else { return dy }
    let dx = try pass.matrix(dy.rows, dy.width)
    try apply(dy, to: dx, pass)
    return dx
  }

  private func apply(_ x: Matrix, to y: Matrix, _ pass: StepContext) throws(TensorError) {
    guard let dropped else { return }
    try pass.shareNumbers(x.numbers) { range in
      let first = range.lowerBound
      ckernels_dropout_apply(x.base + first, nil, y.base + first, first, range.count, dropped)
    }
  }

  /// The dropout of the attention weights, as the kernel takes it.
  var kernel: ckernels_dropout { dropped ?? ckernels_dropout() }
}
