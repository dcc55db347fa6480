import Seeded
import Testing

@Suite struct DrawsTests {
  @Test func everyNumberIsAsLikely() {
    var random = SeededGenerator(seed: 11)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[random.index(below: 7)] += 1 }
    // Six deviations of a binomial of 70,000 at one in seven.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 560 })
  }

  @Test func everyOrderOfFourIsAsLikely() {
    var random = SeededGenerator(seed: 12)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<48_000 { counts[random.shuffled(0..<4), default: 0] += 1 }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 2000) < 270 })
  }

  @Test func drawsStayAsTheyAre() {
    var random = SeededGenerator(seed: 7)
    #expect((0..<8).map { _ in random.index(below: 1000) } == Self.indices)
    #expect(random.shuffled(0..<8) == Self.order)
    #expect(random.shuffled([] as [Int]).isEmpty)
  }

  // By a Python script that does the same with whole numbers of any size.
  private static let indices = [389, 16, 900, 582, 452, 249, 467, 328]
  private static let order = [5, 7, 6, 3, 4, 0, 2, 1]

  @Test func numbersLieInTheirRange() {
    var random = SeededGenerator(seed: 13)
    let numbers = (0..<10_000).map { _ in random.number(in: -2...6) }
    #expect(numbers.allSatisfy { (-2...6).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 2) < 0.15)
  }
}
