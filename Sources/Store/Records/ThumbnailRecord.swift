/// A post's picture, small: a JPEG file.
public struct ThumbnailRecord: Equatable, Sendable {
  /// Pixels in a row.
  public var width: Int
  /// The file's bytes.
  public var jpeg: [UInt8]

  /// Creates a thumbnail from its parts.
  public init(width: Int, jpeg: [UInt8]) { (self.width, self.jpeg) = (width, jpeg) }
}
