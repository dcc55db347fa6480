import Bytes
import Inputs

/// Finds posts' pictures: a thumbnail from the store, else the file in the pictures' folder while it is still the one that
/// was scored, else none.
///
/// Nothing outside the folder is read, and nothing is shown whose hash differs from the post's. What comes back is always
/// decoded and encoded anew, so that nothing but pixels gets from a store or a file into a report.
package final class PictureSource {
  /// The most bytes of a thumbnail that are looked at.
  package static let thumbnailLimit = 1 << 20
  /// The longest side that a page shows, in pixels: 240 an inch at the size of a strip's picture.
  private static let side = 240
  /// The longer side of what is left of a blurred picture, before it is drawn out again.
  private static let blurredSide = 6

  package private(set) var tally: PictureTally
  private let folder: PictureFolder?
  private let thumbnailLimits = PictureLimits(pixels: 1 << 20, bytes: PictureSource.thumbnailLimit)

  /// Pictures as asked for, of a run's posts.
  package init(_ request: PictureRequest, run: RunFacts) {
    tally = PictureTally(showing: request.showing)
    let root = request.images ?? run.images
    // A folder that is not there any more is told with the pictures that are lacking.
    folder = root.flatMap { try? PictureFolder(root: $0) }
    tally.folder = root
  }

  /// A post's picture.
  ///
  /// - Parameters:
  ///   - path: Its path as the corpus wrote it; `nil` for a post without one.
  ///   - hash: The file's SHA-256 when it was scored, lower-case hexadecimal; `nil` for a post without one.
  ///   - thumbnail: Its thumbnail in the store.
  /// - Returns: What a page shows of it.
  package func picture(path: String?, hash: String?, thumbnail: [UInt8]?) -> ShownPicture {
    guard let hash else { return .absent }
    guard tally.showing != .none else { return .hidden }
    if let thumbnail, let picture = try? PictureDecoder.decode(thumbnail, limits: thumbnailLimits) {
      tally.thumbnails += 1
      return shown(picture)
    }
    guard let path, tally.folder != nil else {
      tally.unknown += 1
      return .lacking
    }
    guard let file = try? folder?.load(path) else {
      tally.unreadable += 1
      return .lacking
    }
    guard file.sha256.hexadecimal.hasSameBytes(as: hash) else {
      tally.changed += 1
      return .lacking
    }
    guard let picture = try? file.decoded(least: Self.side) else {
      tally.unreadable += 1
      return .lacking
    }
    tally.files += 1
    return shown(picture)
  }

  private func shown(_ picture: Picture) -> ShownPicture {
    var small = picture.fitted(within: Self.side)
    if tally.showing == .blur {
      // First all but a few pixels are lost for good; then what is left is drawn out softly, so that no grid shows.
      let left = small.fitted(within: Self.blurredSide)
      small = PictureResampler().resize(left, width: max(1, small.width / 2), height: max(1, small.height / 2))
    }
    guard let jpeg = small.jpeg(quality: 85) else { return .lacking }
    return .jpeg(jpeg, width: small.width, height: small.height)
  }
}
