import Bytes

/// The part of a corpus that is read: a shard, a sample, at most so many rows.
package struct CorpusSubset: Equatable, Sendable {
  /// The part of the keys; nil for all.
  package var shard: Shard?
  /// The share of the keys; nil for all.
  package var sample: Sample?
  /// The maximum number of rows; nil for all.
  package var limit: Int?

  /// Creates a subset; without arguments it is the whole corpus.
  package init(shard: Shard? = nil, sample: Sample? = nil, limit: Int? = nil) {
    (self.shard, self.sample, self.limit) = (shard, sample, limit)
  }

  /// Whether a row's key belongs to the shard and to the sample.
  package func contains(_ row: CorpusRow) -> Bool {
    let key = row.partitionKey
    return (shard?.contains(key) ?? true) && (sample?.contains(key) ?? true)
  }
}

/// One of several equal parts of a corpus, chosen by the posts' keys.
///
/// Every key belongs to exactly one of the `count` shards, whatever its row.
package struct Shard: Equatable, Sendable, CustomStringConvertible {
  /// The shard's number, from 1 to `count`.
  package let number: Int
  /// The number of shards.
  package let count: Int

  /// Creates a shard; `nil` unless 1 ≤ number ≤ count.
  package init?(number: Int, count: Int) {
    guard number >= 1, number <= count else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `K/N`.
  package init(parsing argument: String) throws(OptionError) {
    let parts = argument.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.allSatisfy(isDigit) }),
      let number = Int(Substring(parts[0])), let count = Int(Substring(parts[1])),
      let shard = Shard(number: number, count: count)
    else { throw .malformedShard(argument) }
    self = shard
  }

  /// Whether a key belongs to this shard.
  package func contains(_ key: String) -> Bool {
    KeyHash.value(of: key, for: .shard) % UInt64(count) == UInt64(number - 1)
  }

  /// The shard as typed by a user: `K/N`.
  package var description: String { "\(number)/\(count)" }
}

/// Whether a byte is an ASCII digit.
func isDigit(_ byte: UInt8) -> Bool {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

/// A share of a corpus, chosen by the posts' keys: a smaller sample is part of every larger one.
package struct Sample: Equatable, Sendable, CustomStringConvertible {
  /// The share in percent, above 0 and up to 100.
  package let percent: Double
  /// Keys whose hash is below this belong to the sample; `nil` if all do.
  private let bound: UInt64?

  /// Creates a sample; `nil` unless the percentage is above 0 and up to 100.
  package init?(percent: Double) {
    guard percent > 0, percent <= 100 else { return nil }
    self.percent = percent
    // At 100 % the bound is 2^64, which does not fit a UInt64; rounding may give the same just below.
    bound = UInt64(exactly: (percent / 100 * 0x1p64).rounded(.down))
  }

  /// Reads a percentage in decimal notation, with or without its sign: `5%`, `0.1`.
  package init(parsing argument: String) throws(OptionError) {
    let digits = argument.utf8.last == UInt8(ascii: "%") ? argument.dropLast() : argument[...]
    let parts = digits.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }),
      let percent = Double(digits), let sample = Sample(percent: percent)
    else { throw .malformedSample(argument) }
    self = sample
  }

  /// Whether a key belongs to the sample.
  package func contains(_ key: String) -> Bool {
    guard let bound else { return true }
    return KeyHash.value(of: key, for: .sample) < bound
  }

  /// The share as typed by a user, such as `5%`.
  package var description: String {
    let whole = Int(percent)
    return Double(whole) == percent ? "\(whole)%" : "\(percent)%"
  }
}

/// A number that depends only on a key's bytes: the same on every machine and in every version.
package enum KeyHash {
  /// What the number decides. Each purpose has its own salt, so that a sample is spread over all shards.
  package enum Purpose: String, Sendable {
    /// Which shard a post belongs to.
    case shard = "clfa/shard/1"
    /// Whether a post belongs to a sample.
    case sample = "clfa/sample/1"
    /// The half of a corpus to which a post belongs in the search for cues: one half for training, one for testing.
    case leakage = "clfa/audit/1"
  }

  /// The first eight bytes, read as a big-endian number, of SHA-256(salt ‖ 0x00 ‖ key).
  package static func value(of key: String, for purpose: Purpose) -> UInt64 {
    var hash = SHA256()
    hash.update(string: purpose.rawValue + "\0")
    hash.update(string: key)
    return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension SHA256 {
  /// Hashes a string's UTF-8 bytes.
  mutating func update(string: String) {
    var string = string
    string.withUTF8 { update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }
}
