import Bytes
import Queries

/// What makes a post itself: its key and its content's hash, compared byte by byte.
public struct PostIdentity: Sendable {
  /// The post's id as text.
  public let key: String
  /// SHA-256 of the post's content, lower-case hexadecimal.
  public let contentHash: String

  /// Creates an identity from a key and a content hash.
  public init(key: String, contentHash: String) {
    self.key = key
    self.contentHash = contentHash
  }
}

extension PostIdentity: Hashable {
  /// Whether two identities are the same bytes; canonically equal keys are two posts.
  public static func == (left: PostIdentity, right: PostIdentity) -> Bool {
    left.key.hasSameBytes(as: right.key) && left.contentHash.hasSameBytes(as: right.contentHash)
  }

  /// Hashes the bytes.
  public func hash(into hasher: inout Hasher) {
    for byte in key.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
    for byte in contentHash.utf8 { hasher.combine(byte) }
  }
}
