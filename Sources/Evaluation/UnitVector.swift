/// Vectors at length 1, whose inner product is their cosine.
package enum UnitVector {
  /// The vector at length 1; nil if it points nowhere: all zeros, or a length that is not finite.
  package static func of(_ vector: [Float]) -> [Float]? {
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return vector.map { Float(Double($0) / length) }
  }

  /// The inner product of two vectors of one length, summed in eight lanes, in the same order on every machine.
  package static func product(_ a: [Float], _ b: [Float]) -> Float {
    precondition(a.count == b.count, "vectors of one length")
    return a.withUnsafeBytes { a in
      b.withUnsafeBytes { b in
        let lane = MemoryLayout<Float>.stride, block = 8 * lane
        var lanes = SIMD8<Float>(), place = 0
        while place + block <= a.count {
          lanes +=
            a.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
            * b.loadUnaligned(fromByteOffset: place, as: SIMD8<Float>.self)
          place += block
        }
        var sum = lanes.sum()
        while place < a.count {
          sum +=
            a.loadUnaligned(fromByteOffset: place, as: Float.self)
            * b.loadUnaligned(fromByteOffset: place, as: Float.self)
          place += lane
        }
        return sum
      }
    }
  }
}
