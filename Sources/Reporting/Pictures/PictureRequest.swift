/// How a report shows pictures, and where it may look for them.
public struct PictureRequest: Equatable, Sendable {
  /// What the reader sees of a picture.
  public enum Showing: String, CaseIterable, Sendable {
    /// The picture.
    case show
    /// Its colours, so blurred that nothing can be told.
    case blur
    /// A grey box.
    case none
  }

  /// What the reader sees.
  public var showing: Showing
  /// The folder of the pictures; `nil` is the one that the run was scored with.
  public var images: String?

  /// Pictures shown as they are, from the store and the run's own folder.
  public init(showing: Showing = .show, images: String? = nil) { (self.showing, self.images) = (showing, images) }
}

/// Where a report's pictures came from, and what was lacking.
public struct PictureTally: Equatable, Sendable {
  /// What the reader sees of them.
  public var showing: PictureRequest.Showing
  /// Those taken from the store.
  public var thumbnails = 0
  /// Those read from the folder.
  public var files = 0
  /// Those whose file is another one since they were scored.
  public var changed = 0
  /// Those that could not be read from the folder.
  public var unreadable = 0
  /// Those without a thumbnail for which no folder is known.
  public var unknown = 0
  /// The folder that was looked at.
  public var folder: String?

  /// Nothing as yet.
  package init(showing: PictureRequest.Showing) { self.showing = showing }

  /// Pictures that are not there.
  public var lacking: Int { changed + unreadable + unknown }

  /// What was lacking and how to get it, in words; `nil` where nothing was.
  package var remark: String? {
    guard lacking > 0 else { return nil }
    let all = lacking + thumbnails + files
    var words = all == 1 ? "The one picture of these posts is" : "Of the \(Format.count(all)) pictures of these posts "
    if all > 1 { words += lacking == all ? "none is" : "\(Format.count(lacking)) \(lacking == 1 ? "is" : "are")" }
    words += all == 1 || lacking < all ? " not at hand" : " at hand"
    let place = folder.map { " in \(DisplayText.line($0, limit: 80))" } ?? ""
    var reasons: [String] = []
    if unknown > 0 { reasons.append("the store holds no thumbnail and names no folder (\(Format.count(unknown)))") }
    if unreadable > 0 { reasons.append("no file that can be read\(place) (\(Format.count(unreadable)))") }
    if changed > 0 { reasons.append("another file since the post was scored (\(Format.count(changed)))") }
    words +=
      ": " + reasons.joined(separator: "; ")
      + "; a grey box stands there. Name the pictures' folder with clfa report … "
    words +=
      "--images DIR, or keep small ones in the store: the same clfa score … with --thumbnails 128, which computes "
    words += "nothing again."
    return words
  }
}
