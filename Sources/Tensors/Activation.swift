internal import CKernels
internal import COneDNN

/// The activation function after a linear layer. All of them pass on NaN, so that errors become visible.
package enum Activation: Sendable {
  /// The identity.
  case none
  /// max(x, 0).
  case relu
  /// x Φ(x), the exact form with the error function.
  case gelu
  /// x σ(1.702 x), as CLIP was trained with.
  case quickGELU
  /// x / 2 (1 + tanh(√(2/π) (x + 0.044715 x³))), as SigLIP was trained with.
  case tanhGELU

  /// The activation as the library's number.
  var code: conednn_activation {
    switch self {
    case .none, .relu: CONEDNN_NONE
    case .gelu: CONEDNN_GELU
    case .quickGELU: CONEDNN_QUICK_GELU
    case .tanhGELU: CONEDNN_TANH_GELU
    }
  }

  /// The kernel's name of it.
  var kernel: ckernels_activation {
    switch self {
    case .none: CKERNELS_NONE
    case .relu: CKERNELS_RELU
    case .gelu: CKERNELS_GELU
    case .quickGELU: CKERNELS_QUICK_GELU
    case .tanhGELU: CKERNELS_TANH_GELU
    }
  }
}

extension Activation {
  /// f(x) of every number; x is kept for the backward pass.
  package func forward(_ x: Matrix, _ pass: StepContext) throws(TensorError) -> Matrix {
    let y = try pass.matrix(x.rows, x.width)
    try pass.shareNumbers(x.numbers) { range in
      let (from, to) = (x.base + range.lowerBound, y.base + range.lowerBound)
      switch self {
      case .none: to.update(from: from, count: range.count)
      // Not `max`, which could hide what is not a number.
      case .relu: for index in 0..<range.count { to[index] = from[index] <= 0 ? 0 : from[index] }
      case .gelu: ckernels_gelu(from, to, range.count)
      case .quickGELU: ckernels_quick_gelu(from, to, range.count)
      case .tanhGELU: ckernels_tanh_gelu(from, to, range.count)
      }
    }
    return y
  }

  /// Converts dy into the gradient with respect to x.
  package func backward(_ dy: Matrix, of x: Matrix, _ pass: StepContext) throws(TensorError) {
    try pass.shareNumbers(x.numbers) { range in
      let (from, to) = (x.base + range.lowerBound, dy.base + range.lowerBound)
      switch self {
      case .none: break
      // Every number is written: the compiler vectorises this, but not a loop that skips some.
      case .relu: for index in 0..<range.count { to[index] = from[index] <= 0 ? 0 : to[index] }
      case .gelu: ckernels_gelu_back(from, to, range.count)
      case .quickGELU: ckernels_quick_gelu_back(from, to, range.count)
      case .tanhGELU: ckernels_tanh_gelu_back(from, to, range.count)
      }
    }
  }
}
