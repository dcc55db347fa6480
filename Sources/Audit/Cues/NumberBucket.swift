/// Numbers in buckets of a 256th of their size, in order: so fine that nothing is lost that a rule of a few bins could
/// use, and so few that they can be counted.
package enum NumberBucket {
  /// How many low bits of a double are left out: 8 of the fraction's 52 stay.
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
