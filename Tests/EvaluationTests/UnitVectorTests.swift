import Evaluation
import Testing

@Suite struct UnitVectorTests {
  @Test func aVectorKeepsItsDirection() {
    #expect(UnitVector.of([3, 0, -4]) == [0.6, 0, -0.8])
    #expect(UnitVector.of([0, 0]) == nil && UnitVector.of([.infinity, 1]) == nil && UnitVector.of([]) == nil)
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
