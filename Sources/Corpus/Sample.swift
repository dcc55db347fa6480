/// A share of a corpus, chosen by the posts' keys: a smaller sample is part of every larger one.
public struct Sample: Equatable, Sendable, CustomStringConvertible {
  /// The share in percent, above 0 and up to 100.
  public let percent: Double
  /// Keys whose hash is below this belong; `nil` where all do.
  private let bound: UInt64?

  /// Creates a sample; `nil` unless the percentage is above 0 and up to 100.
  public init?(percent: Double) {
    guard percent > 0, percent <= 100 else { return nil }
    self.percent = percent
    // At 100 % the bound is 2^64, which no UInt64 holds; just below it rounding may lead there too.
    bound = UInt64(exactly: (percent / 100 * 0x1p64).rounded(.down))
  }

  /// Reads a percentage in decimal notation, with or without its sign: `5%`, `0.1`.
  public init(parsing argument: String) throws(OptionError) {
    let digits = argument.utf8.last == UInt8(ascii: "%") ? argument.dropLast() : argument[...]
    let parts = digits.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }),
      let percent = Double(digits), let sample = Sample(percent: percent)
    else { throw .malformedSample(argument) }
    self = sample
  }

  /// Whether a key belongs to the sample.
  public func contains(_ key: String) -> Bool {
    guard let bound else { return true }
    return KeyHash.value(of: key, for: .sample) < bound
  }

  /// The share as it is typed, such as `5%`.
  public var description: String {
    let whole = Int(percent)
    return Double(whole) == percent ? "\(whole)%" : "\(percent)%"
  }
}
