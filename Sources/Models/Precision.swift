/// The number format that the matrix products are computed in.
public enum Precision: String, Sendable, CaseIterable {
  /// 32-bit floating point, the reference's own.
  case f32
}
