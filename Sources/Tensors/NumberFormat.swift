internal import COneDNN

/// What the factors of a matrix product are rounded to. Its sums, and all that is between products, are f32.
public enum NumberFormat: Sendable, Hashable, CaseIterable {
  /// 32-bit floating point: nothing is rounded.
  case f32
  /// The upper half of f32: its range, and eight bits of precision.
  case bf16

  /// Whether this processor multiplies such numbers by instructions made for it, as the library sees it.
  public var isFast: Bool { conednn_has(code) != 0 }

  /// The bytes of one number.
  var bytes: Int {
    switch self {
    case .f32: 4
    case .bf16: 2
    }
  }

  var code: conednn_format {
    switch self {
    case .f32: CONEDNN_F32
    case .bf16: CONEDNN_BF16
    }
  }
}
