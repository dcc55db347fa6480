import Bytes

/// A picture file as read: its path, its bytes and their hash. Nothing is decoded yet.
public struct PictureFile: Equatable, Sendable {
  /// The path as the corpus wrote it.
  public let path: String
  /// The whole file.
  public let bytes: [UInt8]
  /// SHA-256 of `bytes`, 32 bytes: the `picture_hash` of a post.
  public let sha256: [UInt8]

  /// Wraps the bytes of a file and hashes them.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    self.sha256 = Array(SHA256.hash(data: bytes))
  }

  /// The picture.
  ///
  /// - Parameters:
  ///   - limits: what a picture may be.
  ///   - least: see ``PictureDecoder/decode(_:limits:least:)``.
  /// - Returns: its pixels.
  /// - Throws: a fault with this file's path and one of the problems of ``PictureDecoder``.
  public func decoded(
    limits: PictureLimits = PictureLimits(), least: Int? = nil
  ) throws(PictureFault) -> Picture {
    do {
      return try PictureDecoder.decode(bytes, limits: limits, least: least)
    } catch {
      throw PictureFault(path: path, problem: error)
    }
  }
}
