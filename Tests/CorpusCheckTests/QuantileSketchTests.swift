import CorpusCheck
import Evaluation
import Testing

/// Numbers in buckets.
@Suite struct QuantileSketchTests {
  @Test func bucketsKeepTheOrder() {
    var random = SeededGenerator(seed: 5)
    var numbers = (0..<2000).map { _ in (random.unit() - 0.5) * [1e-3, 1, 1e3, 1e18][random.index(below: 4)] }
    numbers += [0, -0.0, 1, -1, 1e300, -1e300]
    let sorted = numbers.sorted()
    for (left, right) in zip(sorted, sorted.dropFirst()) {
      #expect(LogBucket.of(left) <= LogBucket.of(right), "\(left) \(right)")
    }
    #expect(LogBucket.of(0) == LogBucket.of(-0.0))
  }

  @Test func aBucketsNumberIsNear() {
    for number in -512...512 { #expect(LogBucket.number(LogBucket.of(Double(number))) == Double(number)) }
    for number in [1e-9, 0.3, 1234.5, 862_902_619_928_506_368, -77.7e8] {
      let found = LogBucket.number(LogBucket.of(number))
      #expect(abs(found) <= abs(number) && abs(found / number - 1) < 1.0 / 256)
    }
  }

  @Test func aSpreadIsThatOfTheNumbers() throws {
    var random = SeededGenerator(seed: 6), spread = QuantileSketch()
    let numbers = (0..<4001).map { _ in 1000 * random.unit() }
    #expect(spread.summary == nil)
    numbers.forEach { spread.add($0) }
    let summary = try #require(spread.summary), sorted = numbers.sorted()
    #expect(summary.least == sorted[0] && summary.greatest == sorted[4000] && summary.count == 4001)
    for (found, real) in [
      (summary.percentile5, sorted[200]), (summary.median, sorted[2000]), (summary.percentile95, sorted[3800]),
    ] {
      #expect(found <= real && real - found <= real / 256)
    }
  }
}
