/// The distribution of numbers, in buckets of a 256th of their size.
package struct QuantileSketch: Sendable {
  /// Quantiles and bounds of a distribution, each accurate to 0.4 %.
  package struct Summary: Equatable, Sendable {
    package var count: Int
    package var least: Double
    package var percentile5: Double
    package var median: Double
    package var percentile95: Double
    package var greatest: Double
  }

  private var counts: [UInt64: Int] = [:]
  private var least = Double.infinity, greatest = -Double.infinity
  private var count = 0

  package init() {}

  package mutating func add(_ number: Double) {
    counts[LogBucket.of(number), default: 0] += 1
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
        if left < 0 { return max(least, min(greatest, LogBucket.number(bucket))) }
      }
      return greatest
    }
    return Summary(
      count: count, least: least, percentile5: quantile(0.05), median: quantile(0.5), percentile95: quantile(0.95),
      greatest: greatest)
  }
}

/// Numbers in ordered buckets of a 256th of their size: fine enough for rules with a few bins, and few enough to be
/// counted.
package enum LogBucket {
  /// The number of low bits of a double that are dropped: 8 of the fraction's 52 stay.
  private static let dropped: UInt64 = 44

  /// The bucket of a number, which is no NaN; larger numbers have no smaller bucket.
  package static func of(_ number: Double) -> UInt64 {
    let bits = (number == 0 ? 0 : number).bitPattern
    return (bits >> 63 == 1 ? ~bits : bits | 1 << 63) >> dropped
  }

  /// The number of a bucket that is nearest to 0: an integer up to 512 is its own.
  package static func number(_ bucket: UInt64) -> Double {
    let bits = bucket << dropped
    if bits >> 63 == 1 { return Double(bitPattern: bits & ~(1 << 63)) }
    return Double(bitPattern: ~bits & ~(1 << dropped - 1))
  }
}
