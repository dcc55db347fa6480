internal import Evaluation

/// The first two principal components of vectors.
///
/// The covariance matrix is applied to a block of vectors until the first two converge (orthogonal iteration with
/// Rayleigh–Ritz; Golub and Van Loan, chapter 8). The random start has a fixed seed, and the largest component of each
/// axis is positive, so the same vectors give the same axes.
package struct PrincipalComponents: Equatable, Sendable {
  /// The vectors' mean.
  package private(set) var mean: [Double]
  /// Two orthogonal vectors of length 1; fewer if the vectors have fewer dimensions or do not vary.
  package private(set) var axes: [[Double]] = []
  /// For each axis, its share of the total variance, from 0 to 1.
  package private(set) var shares: [Double] = []

  private static let block = 8
  private static let rounds = 300

  /// Finds the axes.
  ///
  /// - Parameter vectors: the vectors, all of the same length.
  /// - Complexity: O(vectors · length² + rounds · length²), at most 300 rounds.
  package init(_ vectors: [[Float]]) {
    let width = vectors.first?.count ?? 0
    precondition(vectors.allSatisfy { $0.count == width }, "vectors of one length")
    mean = [Double](repeating: 0, count: width)
    for vector in vectors { for index in 0..<width { mean[index] += Double(vector[index]) } }
    for index in 0..<width { mean[index] /= Double(max(vectors.count, 1)) }
    let covariance = Self.covariance(vectors, mean, width)
    let variance = (0..<width).reduce(0) { $0 + covariance[$1 * width + $1] }
    guard variance > 0, variance.isFinite else { return }
    var random = SeededGenerator(seed: 2022)
    var basis = (0..<min(Self.block, width)).map { _ in (0..<width).map { _ in random.unit() - 0.5 } }
    Self.orthonormalise(&basis)
    var values = [Double](repeating: 0, count: basis.count)
    for _ in 0..<Self.rounds {
      let images = basis.map { Self.product(covariance, $0, width) }
      let turn = JacobiEigenvalues(basis.map { row in images.map { Self.dot(row, $0) } })
      values = turn.values
      let (ritz, moved) = (Self.combine(turn.vectors, basis), Self.combine(turn.vectors, images))
      let rest = zip(zip(ritz, moved), values).prefix(2).map { pair, value in
        zip(pair.0, pair.1).reduce(0) { $0 + ($1.1 - value * $1.0) * ($1.1 - value * $1.0) }.squareRoot()
      }
      basis = ritz
      if rest.allSatisfy({ $0 <= 1e-9 * variance }) { break }
      basis = moved
      Self.orthonormalise(&basis)
    }
    axes = basis.prefix(2).map(Self.withPositiveSign)
    shares = values.prefix(2).map { min(max($0 / variance, 0), 1) }
  }

  /// A vector's coordinates on the axes.
  package func place(_ vector: [Float]) -> [Double] {
    axes.map { axis in
      var sum = 0.0
      for index in axis.indices { sum += axis[index] * (Double(vector[index]) - mean[index]) }
      return sum
    }
  }

  private static func covariance(_ vectors: [[Float]], _ mean: [Double], _ width: Int) -> [Double] {
    var sums = [Double](repeating: 0, count: width * width)
    sums.withUnsafeMutableBufferPointer { sums in
      var centred = [Double](repeating: 0, count: width)
      for vector in vectors {
        for index in 0..<width { centred[index] = Double(vector[index]) - mean[index] }
        centred.withUnsafeBufferPointer { centred in
          for row in 0..<width {
            let (factor, start) = (centred[row], row * width)
            for column in row..<width { sums[start + column] += factor * centred[column] }
          }
        }
      }
      let count = Double(max(vectors.count, 1))
      for row in 0..<width {
        for column in row..<width {
          sums[row * width + column] /= count
          sums[column * width + row] = sums[row * width + column]
        }
      }
    }
    return sums
  }

  private static func product(_ matrix: [Double], _ vector: [Double], _ width: Int) -> [Double] {
    // The matrix is symmetric, so add up rows: that vectorizes without a sum over lanes.
    var result = [Double](repeating: 0, count: width)
    matrix.withUnsafeBufferPointer { matrix in
      result.withUnsafeMutableBufferPointer { result in
        for row in 0..<width {
          let factor = vector[row]
          for column in 0..<width { result[column] += factor * matrix[row * width + column] }
        }
      }
    }
    return result
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  private static func combine(_ weights: [[Double]], _ vectors: [[Double]]) -> [[Double]] {
    weights.map { row in
      var sum = [Double](repeating: 0, count: vectors[0].count)
      for (weight, vector) in zip(row, vectors) {
        for index in sum.indices { sum[index] += weight * vector[index] }
      }
      return sum
    }
  }

  /// Gram–Schmidt, done twice against rounding errors; a vector without a remainder becomes 0.
  private static func orthonormalise(_ vectors: inout [[Double]]) {
    for place in vectors.indices {
      let before = dot(vectors[place], vectors[place]).squareRoot()
      for _ in 0..<2 {
        for other in 0..<place {
          let part = dot(vectors[place], vectors[other])
          for index in vectors[place].indices { vectors[place][index] -= part * vectors[other][index] }
        }
      }
      let length = dot(vectors[place], vectors[place]).squareRoot()
      let scale = length > 1e-12 * before && length > 0 ? 1 / length : 0
      for index in vectors[place].indices { vectors[place][index] *= scale }
    }
  }

  private static func withPositiveSign(_ vector: [Double]) -> [Double] {
    var top = 0.0
    // Larger by more than rounding error, so that the first of two equal numbers counts.
    for number in vector where number.magnitude > top.magnitude * (1 + 1e-9) { top = number }
    return top < 0 ? vector.map { -$0 } : vector
  }
}

/// The eigenvalues and eigenvectors of a small symmetric matrix, the largest first, by Jacobi rotations.
private struct JacobiEigenvalues {
  var values: [Double]
  var vectors: [[Double]]

  init(_ matrix: [[Double]]) {
    let size = matrix.count
    var a = matrix
    var v = (0..<size).map { row in (0..<size).map { row == $0 ? 1.0 : 0 } }
    for _ in 0..<30 {
      for p in 0..<size {
        for q in p + 1..<max(size, p + 1) where a[p][q] != 0 {
          let half = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let tangent = (half < 0 ? -1 : 1) / (half.magnitude + (half * half + 1).squareRoot())
          let cosine = 1 / (tangent * tangent + 1).squareRoot(), sine = tangent * cosine
          for k in 0..<size {
            (a[k][p], a[k][q]) = (cosine * a[k][p] - sine * a[k][q], sine * a[k][p] + cosine * a[k][q])
          }
          for k in 0..<size {
            (a[p][k], a[q][k]) = (cosine * a[p][k] - sine * a[q][k], sine * a[p][k] + cosine * a[q][k])
            (v[p][k], v[q][k]) = (cosine * v[p][k] - sine * v[q][k], sine * v[p][k] + cosine * v[q][k])
          }
        }
      }
    }
    let order = (0..<size).sorted { (a[$1][$1], $0) < (a[$0][$0], $1) }
    values = order.map { a[$0][$0] }
    vectors = order.map { v[$0] }
  }
}
