import Tensors
import Testing

@Suite struct SoftmaxTests {
  @Test(arguments: [1, 2, 5, 15, 16, 17, 100]) func equalsItsNaiveTwin(count: Int) {
    var numbers = Numbers(seed: 7)
    for scale in [Float(1), 30, 0] {
      let x = numbers.row(count).map { $0 * scale }
      #expect(distance([x.softmax()], [Naive.softmax(x.map(Double.init))]) < 2e-7)
    }
  }

  @Test func noNumbersHaveNoShares() { #expect([Float]().softmax().isEmpty) }

  @Test func farApartNumbersAreSure() {
    #expect([Float(0), 200].softmax() == [0, 1])
    #expect([Float(-200), -400, -200].softmax() == [0.5, 0, 0.5])
    #expect([Float(3e38), 0].softmax() == [1, 0])
  }

  @Test func notANumberIsHandedOn() {
    for x in [[Float.nan, 1], [1, .nan, 2], [.infinity, 0], [-.infinity, -.infinity]] {
      #expect(x.softmax().contains { $0.isNaN }, "\(x)")
    }
    #expect([-Float.infinity, 0].softmax() == [0, 1])
  }
}
