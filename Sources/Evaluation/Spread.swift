/// The same number of several runs that differ by chance alone.
public struct Spread: Equatable, Sendable {
  /// Their mean.
  public let mean: Double
  /// Their standard deviation, √(Σ(x − mean)² / (n − 1)); nil for one run.
  public let deviation: Double?
  /// n, how many there are.
  public let count: Int

  /// Sums up numbers, of which there is one at least.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "one number at least")
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    deviation =
      values.count > 1
      ? (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot() : nil
  }
}
