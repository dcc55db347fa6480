import Evaluation
import Testing
import Training

@Suite struct VectorShapeTests {
  /// Vectors of 6 numbers; each side has its own centre and spreads.
  private static func side(_ count: Int, seed: UInt64) -> VectorTransform.Side {
    var random = SeededGenerator(seed: seed)
    let centre = (0..<6).map { _ in Float.random(in: -2...2, using: &random) }
    let vectors = (0..<count).map { _ in
      centre.indices.map { centre[$0] + Float.random(in: -1...1, using: &random) * Float($0 + 1) }
    }
    return VectorTransform.Side(vectors: vectors, weights: (0..<count).map { Double($0 % 3 + 1) })
  }

  private static func length(_ vector: [Float]) -> Float { vector.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  @Test func withoutOptionsDirectionsStayTheSame() {
    let side = VectorTransform.Side(vectors: [[3, 4], [0, 2]], weights: [1, 5])
    #expect(VectorTransform(centres: false).apply(to: [side]) == [[[0.6, 0.8], [0, 1]]])
  }

  @Test func eachSideLosesItsOwnWeightedMean() {
    let one = VectorTransform.Side(vectors: [[1, 0], [4, 0]], weights: [2, 1])
    let other = VectorTransform.Side(vectors: [[0, 1], [0, 5]], weights: [1, 1])
    #expect(VectorTransform(centres: true).apply(to: [one, other]) == [[[-1, 0], [1, 0]], [[0, -1], [0, 1]]])
  }

  @Test func aVectorAtTheCentrePointsNowhere() {
    let one = VectorTransform.Side(vectors: [[0, 3], [1, 2], [2, 1]], weights: [1, 1, 1])
    #expect(VectorTransform(centres: true).apply(to: [one])[0][1] == nil)
    #expect(VectorTransform(centres: true, whitened: 1).apply(to: [one])[0][1] == nil)
    let same = VectorTransform.Side(vectors: [[0.1, 0.3]], weights: [7])
    #expect(VectorTransform(centres: true, whitened: 2).apply(to: [one, same])[1] == [nil])
  }

  @Test(arguments: [1, 3, 6]) func keptVectorsHaveUnitLength(whitened: Int) {
    let sides = [Self.side(50, seed: 1), Self.side(9, seed: 2)]
    let shaped = VectorTransform(centres: true, whitened: whitened).apply(to: sides)
    #expect(shaped.map(\.count) == [50, 9])
    for vector in shaped.joined() {
      #expect(vector?.count == whitened && abs(Self.length(vector ?? []) - 1) < 1e-6)
    }
  }

  /// Every direction is kept, so whitening is a change of axes: distances in it are Mahalanobis' own.
  @Test func allDirectionsTogetherAreMahalanobisGeometry() throws {
    let side = VectorTransform.Side(
      vectors: [[10, 1], [-10, 1], [10, -1], [-10, -1]], weights: [1, 1, 1, 1])
    let shaped = VectorTransform(centres: true, whitened: 2).apply(to: [side])[0]
    let half = Float(0.5).squareRoot()
    for (vector, given) in zip(shaped, side.vectors) {
      let expected = [given[0] > 0 ? half : -half, given[1] > 0 ? half : -half]
      #expect(zip(try #require(vector), expected).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func theLeadingDirectionIsThatOfBothSidesTogether() throws {
    // The first side varies a little along x, the second much along y: y comes first, for any weights.
    let one = VectorTransform.Side(vectors: [[1, 0], [-1, 0]], weights: [1000, 1000])
    let other = VectorTransform.Side(vectors: [[0, 9], [0, -9]], weights: [1, 1])
    let shaped = VectorTransform(centres: true, whitened: 1).apply(to: [one, other])
    #expect(shaped == [[nil, nil], [[1], [-1]]])
  }

  @Test func theCovarianceIsTheSumOfItsProducts() {
    var random = SeededGenerator(seed: 4)
    let width = 70, weights = (0..<20).map { _ in Double.random(in: 0.5...2, using: &random) }
    let vectors = weights.map { _ in (0..<width).map { _ in Double.random(in: -1...1, using: &random) } }
    let found = VectorTransform.covariance(vectors, weights, width), total = weights.reduce(0, +)
    for row in 0..<width {
      for column in 0..<width {
        let expected = zip(vectors, weights).reduce(0) { $0 + $1.1 * $1.0[row] * $1.0[column] } / total
        #expect(abs(found[row * width + column] - expected) < 1e-14)
      }
    }
    #expect(VectorTransform.covariance(vectors, weights, width) == found)
  }
}
