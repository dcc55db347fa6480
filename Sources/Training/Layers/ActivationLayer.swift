internal import CKernels
internal import Models
internal import Tensors

/// What stands between two products, number by number.
enum ActivationLayer {
  /// max(0, x).
  case relu
  /// x Φ(x), Φ being the normal distribution's: the form with erf.
  case gelu
  /// x σ(1.702 x).
  case quickGELU
  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))).
  case tanhGELU

  /// An encoder's.
  init(_ activation: EncoderActivation) {
    self =
      switch activation {
      case .gelu: .gelu
      case .quickGELU: .quickGELU
      case .tanhGELU: .tanhGELU
      }
  }

  func forward(_ x: StepMatrix, _ pass: StepContext) throws(TensorError) -> StepMatrix {
    let y = try pass.rows(x.count, x.width)
    try pass.shareNumbers(x.numbers) { range in
      let (from, to) = (x.base + range.lowerBound, y.base + range.lowerBound)
      switch self {
      case .gelu: ckernels_gelu(from, to, range.count)
      case .quickGELU: ckernels_quick_gelu(from, to, range.count)
      case .tanhGELU: ckernels_tanh_gelu(from, to, range.count)
      // Not `max`, which could hide what is not a number.
      case .relu: for index in 0..<range.count { to[index] = from[index] <= 0 ? 0 : from[index] }
      }
    }
    return y
  }

  /// Turns dy into the gradient by x.
  func backward(_ dy: StepMatrix, of x: StepMatrix, _ pass: StepContext) throws(TensorError) {
    try pass.shareNumbers(x.numbers) { range in
      let (from, to) = (x.base + range.lowerBound, dy.base + range.lowerBound)
      switch self {
      case .gelu: ckernels_gelu_back(from, to, range.count)
      case .quickGELU: ckernels_quick_gelu_back(from, to, range.count)
      case .tanhGELU: ckernels_tanh_gelu_back(from, to, range.count)
      case .relu: for index in 0..<range.count where from[index] <= 0 { to[index] = 0 }
      }
    }
  }
}

/// Numbers that are set to 0 at random, the others grown to make up for them. A place of its own in every network.
struct DropoutSite {
  private let dropped: ckernels_dropout?

  /// The next place of the pass; it drops nothing where the pass drops nothing.
  init(_ pass: StepContext) {
    let site = pass.nextSite()
    dropped = pass.dropout?.at(site)
  }

  /// x with numbers dropped; x itself where nothing is.
  func forward(_ x: StepMatrix, _ pass: StepContext) throws(TensorError) -> StepMatrix {
    guard dropped != nil else { return x }
    let y = try pass.rows(x.count, x.width)
    try apply(x, to: y, pass)
    return y
  }

  /// y = the residual + what is kept of x.
  func forward(_ x: StepMatrix, addedTo residual: StepMatrix, into y: StepMatrix, _ pass: StepContext)
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
  func backward(_ dy: StepMatrix, _ pass: StepContext) throws(TensorError) -> StepMatrix {
    guard dropped != nil else { return dy }
    let dx = try pass.rows(dy.count, dy.width)
    try apply(dy, to: dx, pass)
    return dx
  }

  private func apply(_ x: StepMatrix, to y: StepMatrix, _ pass: StepContext) throws(TensorError) {
    guard let dropped else { return }
    try pass.shareNumbers(x.numbers) { range in
      let first = range.lowerBound
      ckernels_dropout_apply(x.base + first, nil, y.base + first, first, range.count, dropped)
    }
  }

  /// What attention drops of its shares.
  var kernel: ckernels_dropout { dropped ?? ckernels_dropout() }
}
