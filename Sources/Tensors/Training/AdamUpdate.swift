internal import CKernels

/// One step of Adam without bias correction, with weight decay added to the update, on parameters of one group.
///
/// m = β₁m + (1 − β₁)g, v = β₂v + (1 − β₂)g², w −= rate · (m / (√v + ε) + decay · w), g being the gradient times a scale.
package struct AdamUpdate {
  private let kernel: ckernels_adam

  /// `gradientScale`: what the gradient is multiplied by first.
  package init(gradientScale: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float, rate: Float) {
    kernel = ckernels_adam(
      gradient_scale: gradientScale, beta1: beta1, beta2: beta2, eps: epsilon, decay: decay, rate: rate)
  }

  /// Updates `count` weights, and the running means of their gradients and of the squares of those.
  package func apply(
    _ gradients: UnsafePointer<Float>, to weights: UnsafeMutablePointer<Float>, means: UnsafeMutablePointer<Float>,
    squares: UnsafeMutablePointer<Float>, count: Int
  ) {
    ckernels_adam_step(weights, means, squares, gradients, count, kernel)
  }
}
