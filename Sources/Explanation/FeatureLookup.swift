package import Bytes
internal import Corpus
internal import Inputs
package import Models
internal import Preparation
internal import Results

/// Finds the files of a stored post's features again. The store has their hashes, so the column's name is not needed:
/// it is the column whose cell names a file with that hash.
package struct FeatureLookup {
  /// The model's streams.
  let streams: [FeatureStream]
  /// The folder given by the user.
  let folder: String?

  /// Creates a lookup below a folder; nil for the picture folder of each post's run.
  package init(streams: [FeatureStream], folder: String?) { (self.streams, self.folder) = (streams, folder) }

  /// A post's rows in each stream, in the model's order; nil if it was scored without any.
  ///
  /// - Parameters:
  ///   - scored: the streams that the post was scored with, and SHA-256 of each one's file in hexadecimal.
  ///   - cells: the cells of the corpus' other columns.
  ///   - folder: the run's folder of pictures; nil if the run names none.
  /// - Returns: the rows of each stream; nil for a stream that the post has no features in.
  /// - Throws: `MissingFeaturesError`; any error of reading rows.
  package func rows(
    scored: [(stream: String, hash: String)], cells: [(name: ByteText, value: String)], folder: String?
  ) throws -> [FeatureRows?] {
    try streams.map { stream in
      let own = scored.first { $0.stream == stream.name }
      return try own.map { try rows(stream, hash: $0.hash, cells, self.folder ?? folder) } ?? nil
    }
  }

  private func rows(
    _ stream: FeatureStream, hash: String, _ cells: [(name: ByteText, value: String)], _ folder: String?
  ) throws -> FeatureRows? {
    guard let root = folder else { throw MissingFeaturesError.noFolder(stream: stream.name) }
    guard
      let place = try? PictureFolder(
        roots: PictureLocation(recorded: root).roots, match: nil, limits: PictureLimits(bytes: FeatureFiles.byteLimit))
    else {
      throw MissingFeaturesError.badFolder(stream: stream.name, folder: root)
    }
    for path in paths(of: cells, stream.name) {
      // Most cells are no path at all, so that what keeps one from being read tells nothing.
      guard let file = try? place.load(path), file.sha256.hexadecimal == hash else { continue }
      return try FeatureRows(file: file.bytes, for: stream)
    }
    throw MissingFeaturesError.notFound(stream: stream.name, folder: root, reason: reason(cells, stream.name, place))
  }

  /// Why the file in the stream's own column cannot be read; nil if it is only another file, or there is no such cell.
  private func reason(_ cells: [(name: ByteText, value: String)], _ stream: String, _ place: PictureFolder) -> String? {
    guard let path = cells.first(where: { $0.name == ByteText(stream) })?.value, !path.isBlank else {
      return nil
    }
    do throws(PictureFileError) {
      _ = try place.load(path)
      return nil
    } catch {
      return "\(path.printable): \(error.code.rawValue)"
    }
  }

  /// Possible paths: the cell of the column with the stream's name, then all others; last only the files' names,
  /// because the store keeps the path of the first scoring, and files are moved.
  private func paths(of cells: [(name: ByteText, value: String)], _ stream: String) -> [String] {
    let cells = cells.filter { !$0.value.isBlank }
    let own = ByteText(stream)
    let sorted = cells.filter { $0.name == own } + cells.filter { $0.name != own }
    let names = sorted.compactMap { cell in
      cell.value.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(cell.value[cell.value.utf8.index(after: $0)...]) }
    }
    return sorted.map(\.value) + names
  }
}

/// Why a post's features are not available.
package enum MissingFeaturesError: Error, Equatable, CustomStringConvertible {
  /// The location of the files is unknown.
  case noFolder(stream: String)
  /// The folder does not exist or cannot be opened.
  case badFolder(stream: String, folder: String)
  /// No cell of the post names a file with the scored hash.
  case notFound(stream: String, folder: String, reason: String?)

  package var description: String {
    switch self {
    case .noFolder(let stream):
      "the run has no folder to find the file of the post's \(stream) in; name one"
    case .badFolder(let stream, let folder):
      "\(folder.printable), where the post's \(stream) should be, is not a folder that can be opened; name another"
    case .notFound(let stream, let folder, let reason):
      "the file that the post names in \(folder.printable) is not the \(stream) that was scored"
        + (reason.map { " (\($0))" } ?? "") + "; name the folder that holds it"
    }
  }
}
