import Bytes
import Inputs

/// How a report shows pictures, and where it may look for them.
package struct PictureRequest: Equatable, Sendable {
  /// How pictures are shown to the reader.
  package enum Showing: String, CaseIterable, Sendable {
    /// The picture.
    case show
    /// Its colours, so blurred that nothing can be recognized.
    case blur
    /// A grey box.
    case none
  }

  /// How the picture is shown.
  package var showing: Showing
  /// The folder of the pictures; `nil` is the one that the run was scored with.
  package var images: String?

  /// Pictures shown as they are, from the store and the run's own folder.
  package init(showing: Showing = .show, images: String? = nil) { (self.showing, self.images) = (showing, images) }
}

/// The sources of a report's pictures, and how many were missing.
package struct ShownPictureTally: Equatable, Sendable {
  /// How the pictures are shown.
  package var showing: PictureRequest.Showing
  /// Those taken from the store.
  package var thumbnails = 0
  /// Those read from the folder.
  package var files = 0
  /// Those whose file is another one since they were scored.
  package var changed = 0
  /// Those that could not be read from the folder.
  package var unreadable = 0
  /// Those without a thumbnail for which no folder is known.
  package var unknown = 0
  /// The folder that was searched.
  package var folder: String?

  /// An empty tally.
  package init(showing: PictureRequest.Showing) { self.showing = showing }

  /// Pictures that are not there.
  package var lacking: Int { changed + unreadable + unknown }

  /// The missing pictures and how to get them, in words; nil if all were found.
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
/// Nothing outside the folder is read, and nothing is shown whose hash differs from the post's. Every picture is
/// decoded and encoded again, so that only pixels get from a store or a file into a report.
package final class PictureSource {
  /// The maximum size of a thumbnail in bytes; larger ones are ignored.
  package static let thumbnailLimit = 1 << 20
  /// The longest side that a page shows, in pixels: 240 an inch at the size of a strip's picture.
  private static let side = 240
  /// The longer side of what is left of a blurred picture, before it is drawn out again.
  private static let blurredSide = 6

  package private(set) var tally: ShownPictureTally
  private let folder: PictureFolder?
  private let thumbnailLimits = PictureLimits(pixels: 1 << 20, bytes: PictureSource.thumbnailLimit)

  /// Pictures as asked for, of a run's posts.
  package init(_ request: PictureRequest, run: RunFacts) {
    tally = ShownPictureTally(showing: request.showing)
    let root = request.images ?? run.images
    // A folder that no longer exists is reported with the missing pictures.
    folder = root.flatMap { try? PictureLocation(recorded: $0, match: run.imageMatch).open() }
    tally.folder = root
  }

  /// A post's picture.
  ///
  /// - Parameters:
  ///   - path: Its path as the corpus wrote it; `nil` for a post without one.
  ///   - hash: The file's SHA-256 when it was scored, lower-case hexadecimal; `nil` for a post without one.
  ///   - thumbnail: Its thumbnail in the store.
  /// - Returns: The picture to show, or the reason why there is none to show.
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
      // A file that only a rule found may be another one.
      if file.found == nil { tally.changed += 1 } else { tally.unreadable += 1 }
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
