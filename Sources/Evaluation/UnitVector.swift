/// Scales vectors to length 1, so that their inner product is their cosine.
package enum UnitVector {
  /// The scaled vector; nil if its length is 0 or not finite.
  package static func of(_ vector: [Float]) -> [Float]? {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return vector.map { Float(Double($0) / length) }
  }

  /// The vector at length 1; as it is if it points nowhere.
  package static func orSame(_ vector: [Float]) -> [Float] { of(vector) ?? vector }
}

/// Cosines of one vector with many others.
package struct Cosines: Sendable {
  private let products: InnerProducts

  /// Scales the other vectors, all of one length.
  package init(with vectors: [[Float]]) { products = InnerProducts(vectors.map(Self.unit)) }

  /// The cosine with each vector, in order, from −1 to 1; 0 if one of the two is a zero vector.
  package func of(_ vector: [Float]) -> [Float] { products.with(Self.unit(vector)).map { max(-1, min(1, $0)) } }

  /// The vector at length 1, or all zeros if it cannot be scaled.
  private static func unit(_ vector: [Float]) -> [Float] { UnitVector.of(vector) ?? vector.map { _ in 0 } }
}
