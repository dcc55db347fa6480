/// A vector that stored vectors are compared with.
///
/// A comparison reads the stored vector once, where SQLite has it, and takes its length on the way.
package struct CosineProbe: Sendable {
  /// The vector; its width is that of all it is compared with.
  package let values: [Float]
  /// The square of its length.
  private let squared: Double

  /// What a comparison gives.
  package enum Outcome: Equatable, Sendable {
    /// The cosine, from -1 to 1.
    case cosine(Double)
    /// The stored vector has no direction.
    case zeroLength
    /// The stored vector holds an infinity or a NaN.
    case notFinite
  }

  /// Prepares a vector; `nil` where it has no direction, or a number that is not finite.
  package init?(_ values: [Float]) {
    guard VectorBytes.isFinite(values), values.contains(where: { $0 != 0 }) else { return nil }
    self.values = values
    squared = values.withUnsafeBytes { bytes in
      bytes.baseAddress.map { Self.sums(values, $0).squared } ?? 0
    }
  }

  /// The cosine with a stored vector of the same width: little-endian float32, at any address.
  ///
  /// Sums are float32 in 16 lanes, so that equal bytes give equal cosines wherever they lie; what that cannot hold is
  /// summed in double. A vector's cosine with itself is 1 exactly.
  /// - Complexity: O(D) for D numbers.
  package func compare(_ bytes: UnsafeRawPointer) -> Outcome {
    let (dot, other) = Self.sums(values, bytes)
    guard other.isFinite else { return .notFinite }
    guard other > 0 else { return .zeroLength }
    return .cosine(max(-1, min(1, dot / (squared * other).squareRoot())))
  }

  /// The dot product of both, and the square of the stored one's length.
  private static func sums(_ values: [Float], _ bytes: UnsafeRawPointer) -> (dot: Double, squared: Double) {
    let count = values.count
    var dots = SIMD16<Float>.zero, squares = SIMD16<Float>.zero
    let whole = count & ~15
    var dot: Float = 0, square: Float = 0
    values.withUnsafeBytes { own in
      guard let own = own.baseAddress else { return }
      var place = 0
      while place < whole {
        let mine = (own + place * 4).loadUnaligned(as: SIMD16<Float>.self)
        let other = (bytes + place * 4).loadUnaligned(as: SIMD16<Float>.self)
        dots += mine * other
        squares += other * other
        place += 16
      }
      while place < count {
        let mine = (own + place * 4).loadUnaligned(as: Float.self)
        let other = (bytes + place * 4).loadUnaligned(as: Float.self)
        dot += mine * other
        square += other * other
        place += 1
      }
    }
    dot += dots.sum()
    square += squares.sum()
    // Within these bounds no lane lost what counts.
    if square > 1e-24, square < 1e24, dot.isFinite { return (Double(dot), Double(square)) }
    return carefulSums(values, bytes)
  }

  /// The same in double, for lengths whose squares a float does not hold.
  private static func carefulSums(
    _ values: [Float], _ bytes: UnsafeRawPointer
  ) -> (dot: Double, squared: Double) {
    var dot = 0.0, square = 0.0
    for (place, value) in values.enumerated() {
      let other = Double((bytes + place * 4).loadUnaligned(as: Float.self))
      dot += Double(value) * other
      square += other * other
    }
    return (dot, square)
  }
}
