import Bytes
package import Inputs
import Store

/// The pictures of a sample's posts, for display.
///
/// A file is shown only if it has the hash of the picture that was scored. It is decoded, turned upright and encoded
/// again, so that the browser gets nothing but pixels.
package struct SamplePictures: Sendable {
  /// Why there is no picture.
  package enum Lack: Error, Equatable, Sendable {
    /// The post has none.
    case absent
    /// It cannot be shown, for a reason.
    case unusable(String)
  }

  /// The longer side of a shown picture in pixels.
  static let side = 1600
  /// The maximum size of a thumbnail in bytes.
  static let thumbnailLimit = 1 << 20

  private let folder: PictureFolder?
  private let thumbnail: @Sendable (_ post: Int64) throws -> [UInt8]?

  /// - Parameters:
  ///   - location: where pictures are; nil if nothing says so.
  ///   - thumbnail: reads the thumbnail of a post from the store.
  /// - Throws: `PictureFolderError` if a place does not exist.
  package init(
    in location: PictureLocation?, thumbnail: @escaping @Sendable (_ post: Int64) throws -> [UInt8]?
  ) throws(PictureFolderError) {
    folder = try location?.open(limits: PictureLimits(truncated: .accept))
    self.thumbnail = thumbnail
  }

  /// A post's picture as JPEG: the file, otherwise the thumbnail in the store.
  package func jpeg(of post: SamplePosts.Post) throws(Lack) -> [UInt8] {
    guard let hash = post.pictureHash else { throw .absent }
    let reason: String
    do throws(Lack) {
      return try encoded(try file(of: post, hash: hash))
    } catch {
      if case .unusable(let words) = error { reason = words } else { reason = "" }
    }
    let limits = PictureLimits(pixels: 1 << 20, bytes: Self.thumbnailLimit)
    if let bytes = try? thumbnail(post.id), let picture = try? PictureDecoder.decode(bytes, limits: limits) {
      return try encoded(picture)
    }
    throw .unusable(reason)
  }

  private func file(of post: SamplePosts.Post, hash: String) throws(Lack) -> Picture {
    guard let path = post.image else { throw .unusable("the store has no path for the picture") }
    guard let folder else { throw .unusable("the run has no picture folder to find \(path.printable) in") }
    do {
      let file = try folder.load(path)
      guard file.sha256.hexadecimal == hash else {
        throw Lack.unusable("\(path.printable) has changed since the post was scored")
      }
      return try file.decoded(limits: PictureLimits(truncated: .accept), least: Self.side).upright
    } catch let lack as Lack {
      throw lack
    } catch {
      throw .unusable("\(error)")
    }
  }

  private func encoded(_ picture: Picture) throws(Lack) -> [UInt8] {
    guard let jpeg = picture.fitted(within: Self.side).jpeg(quality: 85) else {
      throw .unusable("there is not enough memory for the picture")
    }
    return jpeg
  }
}
