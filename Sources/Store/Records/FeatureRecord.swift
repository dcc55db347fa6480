/// What the store keeps of a post's features in a stream: enough to know them again.
public struct FeatureRecord: Equatable, Sendable {
  /// The stream's name, which is also its vectors' space.
  public var stream: String
  /// SHA-256 of the file's bytes, 32 bytes.
  public var hash: [UInt8]

  /// A stream and a hash.
  public init(stream: String, hash: [UInt8]) { (self.stream, self.hash) = (stream, hash) }
}
