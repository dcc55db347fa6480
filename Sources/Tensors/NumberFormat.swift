internal import COneDNN

/// What the factors of a matrix product are rounded to. All that is between products is f32.
public enum NumberFormat: Sendable, Hashable, CaseIterable {
  /// 32-bit floating point: nothing is rounded.
  case f32
  /// The upper half of f32: its range, and eight bits of precision.
  case bf16
  /// Bytes: each token in 255 steps of its own range, each output's weights in 127 steps to either side.
  case int8

  /// Whether this processor multiplies such numbers by instructions made for it, as the library sees it.
  public var isFast: Bool { conednn_has(code) != 0 }

  /// The bytes of one number.
  var bytes: Int {
    switch self {
    case .f32: 4
    case .bf16: 2
    case .int8: 1
    }
  }

  /// The most numbers that a sum may have: more products of bytes than this could leave 32 bits.
  public var longestSum: Int { self == .int8 ? 65_536 : .max }

  var code: conednn_format {
    switch self {
    case .f32: CONEDNN_F32
    case .bf16: CONEDNN_BF16
    case .int8: CONEDNN_INT8
    }
  }
}
