internal import CKernels

/// What a step drops.
package struct Dropout: Sendable {
  /// The share of numbers that is dropped.
  let share: Double
  /// The run's seed.
  let seed: UInt64
  /// The step's number, and within it the part of its posts.
  let step: UInt32
  let part: UInt32

  /// What drops numbers with the chance `share`, 0 up to 1.
  package init(share: Double, seed: UInt64, step: UInt32, part: UInt32) {
    (self.share, self.seed, self.step, self.part) = (share, seed, step, part)
  }

  /// The kernels' view of it, at a place of the network.
  func at(_ site: UInt32) -> ckernels_dropout {
    let least = UInt32(clamping: Int((share * 4_294_967_296).rounded()))
    return ckernels_dropout(
      seed: seed, site: site, step: step, part: part, least: least, scale: Float(1 / (1 - share)))
  }
}

/// Numbers that are set to 0 at random, the others grown to make up for them. A place of its own in every network.
package struct DropoutSite {
  private let dropped: ckernels_dropout?

  /// The next place of the pass; it drops nothing where the pass drops nothing.
  package init(_ pass: StepContext) {
    let site = pass.nextSite()
    dropped = pass.dropout?.at(site)
  }

  /// x with numbers dropped; x itself where nothing is.
  package func forward(_ x: Matrix, _ pass: StepContext) throws(TensorError) -> Matrix {
    guard dropped != nil else { return x }
    let y = try pass.matrix(x.rows, x.width)
    try apply(x, to: y, pass)
    return y
  }

  /// y = the residual + what is kept of x.
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

  /// The gradient by x: dy itself where nothing was dropped, so that whoever changes it needs a copy.
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

  /// What attention drops of its shares.
  var kernel: ckernels_dropout { dropped ?? ckernels_dropout() }
}
