internal import Preparation
import Bytes
import Corpus
import Inputs
import Models
import Results
import Scoring

/// Finds the files of a stored post's features again. The store has their hashes, so the column needs no name: it is the
/// one whose cell names a file of that hash.
struct FeatureLookup {
  /// The model's streams.
  let streams: [FeatureStream]
  /// The folder that was asked for.
  let folder: String?

  /// A post's rows in each stream, in the model's order; nil where it was scored without any.
  func rows(of post: ScoredPost) throws -> [FeatureRows?] {
    try streams.map { stream in
      let scored = post.features.first { $0.stream.hasSameBytes(as: stream.name) }
      return try scored.map { try rows(of: post, stream, hash: $0.hash) } ?? nil
    }
  }

  private func rows(of post: ScoredPost, _ stream: FeatureStream, hash: String) throws -> FeatureRows? {
    guard let root = folder ?? post.images else { throw MissingFeaturesError.noFolder(stream: stream.name) }
    guard let place = try? PictureFolder(root: root, limits: PictureLimits(bytes: FeatureFiles.byteLimit)) else {
      throw MissingFeaturesError.badFolder(stream: stream.name, folder: root)
    }
    for path in paths(of: post, stream.name) {
      // Most cells are no path at all, so that what keeps one from being read tells nothing.
      guard let file = try? place.load(path), file.sha256.hexadecimal.hasSameBytes(as: hash) else { continue }
      return try FeatureRows(file: file.bytes, for: stream)
    }
    throw MissingFeaturesError.notFound(stream: stream.name, folder: root, reason: reason(post, stream.name, place))
  }

  /// Why the cell of the column of the stream's name leads nowhere; nil for a file that is only another one, and where
  /// there is no such cell.
  private func reason(_ post: ScoredPost, _ stream: String, _ place: PictureFolder) -> String? {
    guard let path = post.extra.first(where: { $0.name.hasSameBytes(as: stream) })?.value, !path.isBlank else {
      return nil
    }
    do throws(PictureFileError) {
      _ = try place.load(path)
      return nil
    } catch {
      return "\(path.printable): \(error.code.rawValue)"
    }
  }

  /// What may be a path: the cell of the column of the stream's name, then all others; at last the files' names alone,
  /// since the store keeps the path of the first scoring, and files move.
  private func paths(of post: ScoredPost, _ stream: String) -> [String] {
    let cells = post.extra.filter { !$0.value.isBlank }
    let sorted = cells.filter { $0.name.hasSameBytes(as: stream) } + cells.filter { !$0.name.hasSameBytes(as: stream) }
    let names = sorted.compactMap { cell in
      cell.value.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(cell.value[cell.value.utf8.index(after: $0)...]) }
    }
    return sorted.map(\.value) + names
  }
}

/// Why a post's features are not at hand.
enum MissingFeaturesError: Error, CustomStringConvertible {
  /// Nobody says where the files lie.
  case noFolder(stream: String)
  /// What is named as their folder is none, or cannot be opened.
  case badFolder(stream: String, folder: String)
  /// No cell of the post names a file of the hash that was scored.
  case notFound(stream: String, folder: String, reason: String?)

  var description: String {
    switch self {
    case .noFolder(let stream):
      "the run names no folder to find the file of its \(stream) in; name it with --features"
    case .badFolder(let stream, let folder):
      "\(folder.printable), where its \(stream) should be, is not a folder that can be opened; name another with --features"
    case .notFound(let stream, let folder, let reason):
      "the file that the post names in \(folder.printable) is not the \(stream) that was scored"
        + (reason.map { " (\($0))" } ?? "") + "; name the folder that "
        + "holds it with --features"
    }
  }
}
