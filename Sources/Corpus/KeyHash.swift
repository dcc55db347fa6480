import Bytes

/// A number that depends on a key's bytes alone: the same on every machine and in every version.
public enum KeyHash {
  /// What the number decides; each purpose has its own salt, so that a sample is spread over all shards.
  public enum Purpose: String, Sendable {
    /// Which shard a post belongs to.
    case shard = "clfa/shard/1"
    /// Whether a post belongs to a sample.
    case sample = "clfa/sample/1"
    /// Which half of a corpus a post belongs to while cues are looked for: one to learn from, one to judge by.
    case audit = "clfa/audit/1"
  }

  /// The first eight bytes, read as a big-endian number, of SHA-256(salt ‖ 0x00 ‖ key).
  public static func value(of key: String, for purpose: Purpose) -> UInt64 {
    var hash = SHA256()
    hash.update(string: purpose.rawValue + "\0")
    hash.update(string: key)
    return hash.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}

extension SHA256 {
  /// Takes in a string's UTF-8 bytes.
  mutating func update(string: String) {
    var string = string
    string.withUTF8 { update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }
}
