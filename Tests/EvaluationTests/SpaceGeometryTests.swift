import Evaluation
import Foundation
import Testing

@Suite struct SpaceGeometryTests {
  private static func random(_ count: Int, _ width: Int, seed: UInt64, offset: Double = 0) -> [[Float]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in (0..<width).map { _ in Float(random.unit() - 0.5 + offset) } }
  }

  /// Both signs of each of the first `axes` axes, `times` times over.
  private static func cross(axes: Int, of width: Int, times: Int) -> [[Float]] {
    let vectors = (0..<axes).flatMap { axis in
      [3, -2].map { sign in (0..<width).map { $0 == axis ? Float(sign) : 0 } }
    }
    return (0..<times).flatMap { _ in vectors }
  }

  /// The measures computed directly from their definitions.
  private struct Plain {
    var meanCosine = 0.0, uniformity = 0.0, effectiveRank = 0.0

    init(_ vectors: [[Float]]) {
      let units = vectors.map { vector in
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return vector.map { Double($0) / length }
      }
      let width = units[0].count
      var pairs = 0.0
      for a in units.indices {
        for b in units.indices where b != a {
          pairs += 1
          meanCosine += (0..<width).reduce(0) { $0 + units[a][$1] * units[b][$1] }
          uniformity += exp(-2 * (0..<width).reduce(0) { $0 + pow(units[a][$1] - units[b][$1], 2) })
        }
      }
      meanCosine /= pairs
      uniformity = log(uniformity / pairs)
      let mean = (0..<width).map { index in units.reduce(0) { $0 + $1[index] } / Double(units.count) }
      var trace = 0.0, squares = 0.0
      for row in 0..<width {
        for column in 0..<width {
          let entry = units.reduce(0) { $0 + ($1[row] - mean[row]) * ($1[column] - mean[column]) }
          squares += entry * entry
          if row == column { trace += entry }
        }
      }
      effectiveRank = trace * trace / squares
    }
  }

  @Test(arguments: [(40, 7, 0.0), (12, 30, 0.0), (60, 16, 0.4), (60, 9, 5)])
  func measuresAreThoseOfTheDefinitions(_ count: Int, _ width: Int, _ offset: Double) {
    let vectors = Self.random(count, width, seed: 3, offset: offset)
    let side = SpaceGeometry.Side(vectors), plain = Plain(vectors)
    #expect(abs(side.meanCosine - plain.meanCosine) < 1e-5)
    #expect(abs(side.uniformity - plain.uniformity) < 1e-5)
    #expect(abs(side.effectiveRank - plain.effectiveRank) < 1e-3 * plain.effectiveRank)
    #expect(side.count == count && side.dimensions == width)
  }

  @Test func theEffectiveRankIsTheNumberOfDirections() {
    for axes in [1, 2, 5] {
      let side = SpaceGeometry.Side(Self.cross(axes: axes, of: 8, times: 10))
      #expect(abs(side.effectiveRank - Double(axes)) < 1e-6)
      #expect(abs(side.meanCosine + 1 / Double(20 * axes - 1)) < 1e-6)
    }
  }

  @Test func alignmentIsTheSquaredDistanceOfOwnPairs() throws {
    let geometry = SpaceGeometry(texts: [[2, 0], [0, 1], [0, 0]], pictures: [[5, 0], [-1, 0], [1, 1]])
    // The same direction, and a right angle; the third text is a zero vector.
    #expect(abs(try #require(geometry.alignment) - 1) < 1e-6)
    #expect(geometry.texts.count == 2 && geometry.pictures.count == 3)
    #expect(SpaceGeometry(texts: [[0]], pictures: [[1]]).alignment == nil)
  }

  @Test func vectorsThatAreAllAlikeHaveCollapsed() {
    let same = SpaceGeometry.Side(Array(repeating: [0.3, -0.1, 0.7, 0.2], count: 50))
    #expect(same.effectiveRank == 0 && abs(same.meanCosine - 1) < 1e-6 && abs(same.uniformity) < 1e-6)
    #expect(same.collapse == .alike)
    // A common part as long as the others' spread allows: the mean cosine is about offset² / (offset² + 1/12).
    #expect(SpaceGeometry.Side(Self.random(60, 16, seed: 5, offset: 1)).collapse == .alike)
    #expect(SpaceGeometry.Side(Self.random(60, 16, seed: 5, offset: 0.6)).collapse == nil)
  }

  @Test func vectorsThatVaryInTooFewDirectionsHaveCollapsed() {
    #expect(SpaceGeometry.Side(Self.cross(axes: 1, of: 8, times: 20)).collapse == .fewDirections)
    #expect(SpaceGeometry.Side(Self.cross(axes: 3, of: 8, times: 10)).collapse == nil)
    // 5 % of 80 dimensions are 4.
    #expect(SpaceGeometry.Side(Self.cross(axes: 3, of: 80, times: 40)).collapse == .fewDirections)
    #expect(SpaceGeometry.Side(Self.cross(axes: 5, of: 80, times: 40)).collapse == nil)
    // For 60 vectors in 1,000 dimensions, the required rank is 5 % of 59.
    let few = SpaceGeometry.Side(Self.random(60, 1000, seed: 8))
    #expect(few.collapse == nil && abs(few.requiredRank - 2.95) < 1e-9)
  }

  @Test func tooFewVectorsShowNoCollapse() {
    let one = SpaceGeometry.Side([[1, 2]]), none = SpaceGeometry.Side([])
    #expect(one.collapse == nil && one.effectiveRank == 0 && none.count == 0 && none.collapse == nil)
    #expect(SpaceGeometry.Side(Array(repeating: [1, 2], count: 29)).collapse == nil)
    #expect(SpaceGeometry.Side(Array(repeating: [1, 2], count: 30)).collapse == .alike)
  }

  @Test func noMoreThanTheLimitIsMeasured() {
    let many = Self.random(1200, 3, seed: 1)
    #expect(SpaceGeometry.Side(many) == SpaceGeometry.Side(Array(many.prefix(1000))))
  }
}
