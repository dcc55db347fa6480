import Evaluation
import Testing

@Suite struct UnitVectorTests {
  @Test func aVectorKeepsItsDirection() {
    #expect(UnitVector.of([3, 0, -4]) == [0.6, 0, -0.8])
  }

  /// Squares of the smallest and of the largest numbers are no numbers of 32 bits; the length is summed in 64.
  @Test(arguments: [Float.leastNonzeroMagnitude, .leastNormalMagnitude, 1e-20, 1, .greatestFiniteMagnitude])
  func aVectorOfAnySizePointsSomewhere(size: Float) throws {
    let half = Float(0.5).squareRoot()
    #expect(UnitVector.of([size, 0]) == [1, 0] && UnitVector.orSame([0, -size]) == [0, -1])
    let unit = try #require(UnitVector.of([size, -size]))
    #expect(abs(unit[0] - half) < 1e-6 && unit[1] == -unit[0] && UnitVector.orSame([size, -size]) == unit)
  }

  @Test(arguments: [[], [0, 0], [-0.0, 0], [.infinity, 1], [-.infinity, 0], [.nan, 1]] as [[Float]])
  func aVectorThatPointsNowhereStaysOrIsNone(vector: [Float]) {
    #expect(UnitVector.of(vector) == nil)
    #expect(UnitVector.orSame(vector).map(\.bitPattern) == vector.map(\.bitPattern))
  }
}

@Suite struct CosinesTests {
  @Test func cosinesEqualASimpleComputation() {
    var random = SeededGenerator(seed: 4)
    let vectors = (0..<6).map { _ in (0..<11).map { _ in Float(random.unit() - 0.5) } }
    let cosines = Cosines(with: vectors).of(vectors[5])
    for (place, other) in vectors.enumerated() {
      var product = 0.0, squares = (0.0, 0.0)
      for (a, b) in zip(vectors[5], other) {
        product += Double(a) * Double(b)
        squares = (squares.0 + Double(a) * Double(a), squares.1 + Double(b) * Double(b))
      }
      #expect(abs(Double(cosines[place]) - product / (squares.0 * squares.1).squareRoot()) < 1e-6)
    }
  }

  @Test func aZeroVectorHasCosineZero() {
    #expect(Cosines(with: [[0, 0], [3, 0], [.infinity, 1]]).of([2, 0]) == [0, 1, 0])
    #expect(Cosines(with: [[1, 1]]).of([0, 0]) == [0] && Cosines(with: []).of([]).isEmpty)
  }
}
