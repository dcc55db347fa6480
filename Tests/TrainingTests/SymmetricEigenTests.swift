import Evaluation
import Testing
import Training

@Suite struct SymmetricEigenTests {
  /// A symmetric matrix of random numbers.
  private static func random(_ size: Int, seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed), matrix = [Double](repeating: 0, count: size * size)
    for row in 0..<size {
      for column in row..<size {
        matrix[row * size + column] = Double.random(in: -1...1, using: &random)
        matrix[column * size + row] = matrix[row * size + column]
      }
    }
    return matrix
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test func knownMatricesHaveTheirKnownParts() {
    let two = SymmetricEigen([2, 1, 1, 2], size: 2), half = 0.5.squareRoot()
    #expect(abs(two.values[0] - 3) < 1e-15 && abs(two.values[1] - 1) < 1e-15)
    #expect(zip(two.vectors[0], [half, half]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(zip(two.vectors[1].map(abs), [half, half]).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(two.vectors[1][0] * two.vectors[1][1] < 0)

    let diagonal = SymmetricEigen([1, 0, 0, 0, -5, 0, 0, 0, 3], size: 3)
    #expect(diagonal.values == [3, 1, -5])
    #expect(diagonal.vectors == [[0, 0, 1], [1, 0, 0], [0, 1, 0]])

    // A path's Laplacian has the eigenvalues 2 − 2 cos(πk/n), given by their squared sines to keep the digits.
    let size = 12
    var laplacian = [Double](repeating: 0, count: size * size)
    for index in 0..<size - 1 {
      laplacian[index * size + index] += 1
      laplacian[(index + 1) * size + index + 1] += 1
      laplacian[index * size + index + 1] = -1
      laplacian[(index + 1) * size + index] = -1
    }
    let found = SymmetricEigen(laplacian, size: size).values
    for (place, value) in found.enumerated() {
      let cosine = Self.cosine(size - 1 - place, of: size)
      #expect(abs(value - (2 - 2 * cosine)) < 1e-14)
    }
  }

  /// cos(πk/n) by doubling a small angle, for which the series is short.
  private static func cosine(_ k: Int, of n: Int) -> Double {
    let angle = Double.pi * Double(k) / Double(n) / 256, square = angle * angle
    // 1 − cos, so that the doublings lose nothing: v(2x) = 2v(2 − v).
    var versine = square / 2 * (1 - square / 12 * (1 - square / 30 * (1 - square / 56)))
    for _ in 0..<8 { versine = 2 * versine * (2 - versine) }
    return 1 - versine
  }

  @Test(arguments: [1, 2, 3, 17, 64, 120]) func vectorsAreOrthogonalAndGiveTheMatrixBack(size: Int) {
    let matrix = Self.random(size, seed: UInt64(size)), eigen = SymmetricEigen(matrix, size: size)
    #expect(eigen.values == eigen.values.sorted(by: >))
    for (place, vector) in eigen.vectors.enumerated() {
      for other in 0...place {
        let expected = other == place ? 1.0 : 0
        #expect(abs(Self.dot(vector, eigen.vectors[other]) - expected) < 1e-13)
      }
    }
    var worst = 0.0
    for row in 0..<size {
      for column in 0..<size {
        let back = (0..<size).reduce(0) {
          $0 + eigen.values[$1] * eigen.vectors[$1][row] * eigen.vectors[$1][column]
        }
        worst = max(worst, abs(back - matrix[row * size + column]))
      }
    }
    #expect(worst < 1e-12)
  }

  @Test func aSharedEigenvalueStillHasOrthogonalVectors() {
    // 5 on a plane, 2 on the line (1, 1, 1).
    let eigen = SymmetricEigen([4, -1, -1, -1, 4, -1, -1, -1, 4], size: 3)
    #expect(zip(eigen.values, [5, 5, 2]).allSatisfy { abs($0 - $1) < 1e-14 })
    #expect(abs(Self.dot(eigen.vectors[0], eigen.vectors[1])) < 1e-14)
    #expect(eigen.vectors[2].allSatisfy { abs($0 - (1.0 / 3).squareRoot()) < 1e-14 })
  }

  @Test func signsAreFixedAndBitsRepeat() {
    let matrix = Self.random(40, seed: 9), eigen = SymmetricEigen(matrix, size: 40)
    for vector in eigen.vectors { #expect(vector.max(by: { abs($0) < abs($1) }) ?? 0 > 0) }
    let again = SymmetricEigen(matrix, size: 40)
    #expect(eigen.values == again.values && eigen.vectors == again.vectors)
  }

  @Test func emptyAndZeroMatricesAreAlsoDecomposed() {
    #expect(SymmetricEigen([], size: 0).values.isEmpty)
    let zeros = SymmetricEigen([Double](repeating: 0, count: 9), size: 3)
    #expect(zeros.values == [0, 0, 0] && zeros.vectors == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    let tiny = SymmetricEigen([2e-300, 1e-300, 1e-300, 2e-300], size: 2)
    #expect(abs(tiny.values[0] / 1e-300 - 3) < 1e-14 && abs(tiny.values[1] / 1e-300 - 1) < 1e-14)
  }

  @Test func onlyTheUpperTriangleIsRead() {
    #expect(SymmetricEigen([2, 1, -2, 2], size: 2).values == SymmetricEigen([2, 1, 1, 2], size: 2).values)
  }
}
