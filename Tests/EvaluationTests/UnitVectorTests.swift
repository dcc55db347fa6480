import Evaluation
import Testing

@Suite struct UnitVectorTests {
  @Test func aVectorKeepsItsDirection() {
    #expect(UnitVector.of([3, 0, -4]) == [0.6, 0, -0.8])
    #expect(UnitVector.of([0, 0]) == nil && UnitVector.of([.infinity, 1]) == nil && UnitVector.of([]) == nil)
  }

  @Test func aProductIsThatOfThePlainWay() {
    for length in [0, 1, 7, 8, 9, 40] {
      let a = (0..<length).map { Float($0 % 5) - 2 }, b = (0..<length).map { Float($0 % 7) - 3 }
      #expect(UnitVector.product(a, b) == zip(a, b).reduce(0) { $0 + $1.0 * $1.1 })
    }
  }
}
