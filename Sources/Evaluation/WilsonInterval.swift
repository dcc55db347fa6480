/// The interval of a share by its count (Wilson 1927): it holds even where few or all of few succeed.
public struct WilsonInterval: Equatable, Sendable {
  /// The lower end.
  public let low: Double
  /// The upper end.
  public let high: Double

  /// The 95 % interval of `part` of `whole`, which is more than none.
  public init(_ part: Int, of whole: Int) { self.init(part, of: whole, z: Estimate.quantile(1)) }

  /// The interval of so many standard deviations.
  init(_ part: Int, of whole: Int, z: Double) {
    precondition(whole > 0 && part >= 0 && part <= whole, "a part of a whole")
    let n = Double(whole), share = Double(part) / n
    let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    low = part == 0 ? 0 : max(0, middle - half)
    high = part == whole ? 1 : min(1, middle + half)
  }
}
