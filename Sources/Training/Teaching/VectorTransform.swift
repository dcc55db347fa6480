internal import Dispatch

/// A transformation of a teacher's vectors before a model is trained to match them.
///
/// The vectors of all texts are close together, and so are those of all pictures: only a small part of them
/// distinguishes posts. Centring subtracts the common part of each side; whitening keeps the directions in which the
/// rest varies most and scales them to equal variance.
package struct VectorTransform: Sendable, Equatable {
  /// Whether each side's mean is subtracted from its vectors.
  package var centres: Bool
  /// The number of directions that are kept and scaled; nil keeps the vectors as they are.
  package var whitened: Int?

  /// Creates a transformation.
  package init(centres: Bool, whitened: Int? = nil) { (self.centres, self.whitened) = (centres, whitened) }

  /// The minimum standard deviation that is scaled to 1; smaller ones are noise.
  private static let leastDeviation = 1e-3

  /// A side's distinct vectors, and how often each counts.
  package struct Side: Sendable {
    package var vectors: [[Float]]
    package var weights: [Double]

    package init(vectors: [[Float]], weights: [Double]) { (self.vectors, self.weights) = (vectors, weights) }
  }

  /// The transformed vectors of both sides, normalised; nil for one at the centre of its side, which has no direction.
  ///
  /// With μ a side's weighted mean: x − μ; then, with V the leading eigenvectors of the mean of both sides' weighted
  /// covariances, y = Vᵀ(x − μ), divided in each direction by the side's own standard deviation; then y / |y|. Both
  /// sides must have vectors of the same width. O(vectors × width² + width³) time.
  package func apply(to sides: [Side]) -> [[[Float]?]] {
    let width = sides.first?.vectors.first?.count ?? 0
    let centred = sides.map { side in
      let mean = centres ? Self.mean(side, width) : [Double](repeating: 0, count: width)
      return side.vectors.map { vector in zip(vector, mean).map { Double($0) - $1 } }
    }
    guard let whitened else { return centred.map { $0.map(Self.unit) } }
    var pooled = [Double](repeating: 0, count: width * width)
    for (side, vectors) in zip(sides, centred) {
      let covariance = Self.covariance(vectors, side.weights, width)
      for index in pooled.indices { pooled[index] += covariance[index] / Double(sides.count) }
    }
    let directions = SymmetricEigen(pooled, size: width).vectors.prefix(whitened)
    return zip(sides, centred).map { side, vectors in
      let projected = vectors.map { vector in directions.map { Self.dot($0, vector) } }
      let deviations = directions.indices.map { index in
        let total = side.weights.reduce(0, +)
        let sum = zip(projected, side.weights).reduce(0) { $0 + $1.1 * $1.0[index] * $1.0[index] }
        return max((sum / total).squareRoot(), Self.leastDeviation)
      }
      return zip(projected, vectors).map { projected, vector in
        Self.unit(vector) == nil ? nil : Self.unit(zip(projected, deviations).map { $0 / $1 })
      }
    }
  }

  private static func mean(_ side: Side, _ width: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: width)
    for (vector, weight) in zip(side.vectors, side.weights) {
      for index in 0..<width { sum[index] += weight * Double(vector[index]) }
    }
    let total = side.weights.reduce(0, +)
    return sum.map { $0 / total }
  }

  /// Σ w x xᵀ / Σ w, row by row. Blocks of rows are distributed over all cores; each row is summed by one thread, so
  /// the bits do not depend on their number.
  package static func covariance(_ vectors: [[Double]], _ weights: [Double], _ width: Int) -> [Double] {
    let block = 32, total = weights.reduce(0, +)
    return [Double](unsafeUninitializedCapacity: width * width) { buffer, count in
      buffer.initialize(repeating: 0)
      nonisolated(unsafe) let sums = buffer
      DispatchQueue.concurrentPerform(iterations: (width + block - 1) / block) { index in
        let rows = index * block..<min((index + 1) * block, width)
        for (vector, weight) in zip(vectors, weights) {
          vector.withUnsafeBufferPointer { vector in
            for row in rows {
              let factor = weight * vector[row] / total
              for column in row..<width { sums[row * width + column] += factor * vector[column] }
            }
          }
        }
      }
      // Mirror the upper triangle into the lower one.
      for row in 0..<width {
        for column in 0..<row { buffer[row * width + column] = buffer[column * width + row] }
      }
      count = width * width
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The normalised vector; nil if it is only rounding errors.
  private static func unit(_ vector: [Double]) -> [Float]? {
    let length = dot(vector, vector).squareRoot()
    return length > 1e-6 ? vector.map { Float($0 / length) } : nil
  }
}
