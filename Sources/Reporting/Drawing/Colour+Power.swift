import Glibc

extension Colour {
  /// x to the power of y, for x ≥ 0.
  static func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}
