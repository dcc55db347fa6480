package import Tensors

/// What the matrix products are computed in. All else is f32, whatever the precision: sums, norms, softmax, the
/// products within attention, the residual connections, and the head's products, which cost nothing.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floating point, the reference's own.
  case f32
  /// Factors rounded to the upper half of f32: about twice as fast, half the memory.
  case bf16
  /// Factors rounded to bytes, each token and each output by a scale of its own: nearly twice as fast again, a
  /// quarter of the memory.
  case int8

  /// Whether this processor has instructions for it that the matrix library uses.
  public var isSupported: Bool { format.isFast }

  /// The fastest supported precision whose labels are those of f32 but for one in hundreds.
  public static var best: Precision { Precision.bf16.isSupported ? .bf16 : .f32 }

  /// The format of the factors.
  package var format: NumberFormat {
    switch self {
    case .f32: .f32
    case .bf16: .bf16
    case .int8: .int8
    }
  }
}
