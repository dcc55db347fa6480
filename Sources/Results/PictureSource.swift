import Bytes
import Inputs

/// How a report shows pictures, and where it looks for them.
package struct PictureRequest: Equatable, Sendable {
  package enum Showing: String, CaseIterable, Sendable {
    /// The picture as it is.
    case show
    /// The picture, blurred so much that nothing can be recognized.
    case blur
    /// A grey box.
    case none
  }

  package var showing: Showing
  /// The folder of the pictures; nil for the folder that the run was scored with.
  package var images: String?

  /// By default shows pictures as they are, from the store and the run's own folder.
  package init(showing: Showing = .show, images: String? = nil) { (self.showing, self.images) = (showing, images) }
}

/// Where a report's pictures came from, and how many are missing.
package struct ShownPictureTally: Equatable, Sendable {
  package var showing: PictureRequest.Showing
  /// Pictures from the store.
  package var thumbnails = 0
  /// Pictures from the folder.
  package var files = 0
  /// Pictures whose file has changed since scoring.
  package var changed = 0
  /// Pictures that could not be read from the folder.
  package var unreadable = 0
  /// Pictures without a thumbnail and without a known folder.
  package var unknown = 0
  /// The folder that was searched.
  package var folder: String?

  package init(showing: PictureRequest.Showing) { self.showing = showing }

  /// The number of missing pictures.
  package var lacking: Int { changed + unreadable + unknown }

  /// A sentence on the missing pictures and how to get them; nil if all were found.
  package var remark: String? {
    guard lacking > 0 else { return nil }
    let all = lacking + thumbnails + files
    var words = all == 1 ? "The one picture of these posts is" : "Of the \(Format.count(all)) pictures of these posts "
    if all > 1 { words += lacking == all ? "none is" : "\(Format.count(lacking)) \(lacking == 1 ? "is" : "are")" }
    words += all == 1 || lacking < all ? " not available" : " available"
    let place = folder.map { " in \(DisplayText.line($0, limit: 80))" } ?? ""
    var reasons: [String] = []
    if unknown > 0 { reasons.append("the store holds no thumbnail and names no folder (\(Format.count(unknown)))") }
    if unreadable > 0 { reasons.append("no readable file\(place) (\(Format.count(unreadable)))") }
    if changed > 0 { reasons.append("the file has changed since the post was scored (\(Format.count(changed)))") }
    words +=
      ": " + reasons.joined(separator: "; ")
      + "; a grey box is shown instead. Name the folder of pictures when making the report, or score again with thumbnails, "
    words += "which are kept in the store and cost no new predictions."
    return words
  }
}

/// Finds posts' pictures: a thumbnail from the store, else the file in the pictures' folder if its hash is still the
/// one that was scored.
///
/// Reads nothing outside the folder, and shows no file whose hash differs from the post's. Every picture is decoded and
/// encoded again, so that a report contains only pixels, no other bytes of a store or a file.
package final class PictureSource {
  /// The maximum size of a thumbnail in bytes; larger ones are ignored.
  package static let thumbnailLimit = 1 << 20
  /// The longer side of a shown picture in pixels, which is 240 dpi at the size of a strip's picture.
  private static let side = 240
  /// The longer side in pixels that a blurred picture is reduced to before it is enlarged again.
  private static let blurredSide = 6

  package private(set) var tally: ShownPictureTally
  private let folder: PictureFolder?
  private let thumbnailLimits = PictureLimits(pixels: 1 << 20, bytes: PictureSource.thumbnailLimit)

  /// Pictures of a run's posts.
  package init(_ request: PictureRequest, run: RunFacts) {
    tally = ShownPictureTally(showing: request.showing)
    let root = request.images ?? run.images
    // A folder that no longer exists is reported with the missing pictures.
    folder = root.flatMap { try? PictureFolder(root: $0) }
    tally.folder = root
  }

  /// A post's picture.
  ///
  /// - Parameters:
  ///   - path: The path as written in the corpus; nil for a post without a picture.
  ///   - hash: The file's SHA-256 when it was scored, in lower-case hexadecimal; nil for a post without a picture.
  ///   - thumbnail: The thumbnail in the store.
  /// - Returns: The picture, or why none is shown.
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
    guard file.sha256.hexadecimal == hash else {
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
      // Reduce to a few pixels, which cannot be undone, then enlarge smoothly so that no grid is visible.
      let left = small.fitted(within: Self.blurredSide)
      small = PictureResampler().resize(left, width: max(1, small.width / 2), height: max(1, small.height / 2))
    }
    guard let jpeg = small.jpeg(quality: 85) else { return .lacking }
    return .jpeg(jpeg, width: small.width, height: small.height)
  }
}
