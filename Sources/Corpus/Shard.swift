/// One of several equal parts of a corpus, chosen by the posts' keys.
///
/// Every key belongs to exactly one of the `count` shards, wherever its row stands.
public struct Shard: Equatable, Sendable, CustomStringConvertible {
  /// The shard's number, from 1 to `count`.
  public let number: Int
  /// How many shards there are.
  public let count: Int

  /// Creates a shard; `nil` unless 1 ≤ number ≤ count.
  public init?(number: Int, count: Int) {
    guard number >= 1, number <= count else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `K/N`.
  public init(parsing argument: String) throws(OptionError) {
    let parts = argument.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy(isDigit) }),
      let number = Int(Substring(parts[0])), let count = Int(Substring(parts[1])),
      let shard = Shard(number: number, count: count)
    else { throw .malformedShard(argument) }
    self = shard
  }

  /// Whether a key belongs to this shard.
  public func contains(_ key: String) -> Bool {
    KeyHash.value(of: key, for: .shard) % UInt64(count) == UInt64(number - 1)
  }

  /// The shard as it is typed: `K/N`.
  public var description: String { "\(number)/\(count)" }
}

/// Whether a byte is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
