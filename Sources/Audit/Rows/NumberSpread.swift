/// How numbers are spread, in buckets of a 256th of their size.
package struct NumberSpread: Sendable {
  /// The numbers that quarter and bound a spread, each to less than 0.4 %.
  package struct Summary: Equatable, Sendable {
    package var count: Int
    package var least: Double
    package var fifth: Double
    package var median: Double
    package var ninetyFifth: Double
    package var greatest: Double
  }

  private var counts: [UInt64: Int] = [:]
  private var least = Double.infinity, greatest = -Double.infinity
  private var count = 0

  package init() {}

  package mutating func add(_ number: Double) {
    counts[NumberBucket.of(number), default: 0] += 1
    least = min(least, number)
    greatest = max(greatest, number)
    count += 1
  }

  /// `nil` where there are no numbers.
  package var summary: Summary? {
    guard count > 0 else { return nil }
    let buckets = counts.sorted { $0.key < $1.key }
    func quantile(_ share: Double) -> Double {
      var left = Int((share * Double(count - 1)).rounded())
      for (bucket, number) in buckets {
        left -= number
        if left < 0 { return max(least, min(greatest, NumberBucket.number(bucket))) }
      }
      return greatest
    }
    return Summary(
      count: count, least: least, fifth: quantile(0.05), median: quantile(0.5), ninetyFifth: quantile(0.95),
      greatest: greatest)
  }
}
