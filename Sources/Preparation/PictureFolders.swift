package import Bytes
package import Inputs

/// The folder in which each corpus file's pictures are looked up.
package struct PictureFolders: Sendable {
  private let shared: PictureFolder?
  private let byFile: [ByteText: PictureFolder]
  private let fallback: PictureFolder

  /// The same places for all files (`--images`), or each file's own folder.
  ///
  /// - Parameters:
  ///   - location: where pictures are, and how they are found.
  ///   - paths: the corpus' files as given; `-` stands for the current folder.
  ///   - names: the same files as the ledger names them.
  ///   - limits: the maximum size of a picture.
  /// - Throws: if a path is neither a folder nor an archive.
  package init(_ location: PictureLocation, paths: [String], names: [String], limits: PictureLimits) throws {
    try self.init(location.roots, location.match, paths: paths, names: names, limits: limits)
  }

  /// One folder for all files, or each file's own; files are where their references say.
  package init(images: String?, paths: [String], names: [String], limits: PictureLimits) throws {
    try self.init(images.map { [$0] } ?? [], .written, paths: paths, names: names, limits: limits)
  }

  /// The same for files that are no pictures, which have no rules and no hints.
  init(files folder: String?, paths: [String], names: [String], limits: PictureLimits) throws {
    try self.init(folder.map { [$0] } ?? [], nil, paths: paths, names: names, limits: limits)
  }

  private init(
    _ roots: [String], _ match: PictureMatch?, paths: [String], names: [String], limits: PictureLimits
  ) throws {
    fallback = try PictureFolder(roots: roots.isEmpty ? ["."] : roots, match: match, limits: limits)
    shared = roots.isEmpty ? nil : fallback
    var byFile: [ByteText: PictureFolder] = [:]
    if roots.isEmpty {
      // An open folder takes a descriptor, and the files of a corpus usually share one folder.
      var byFolder: [ByteText: PictureFolder] = [:]
      for (path, name) in zip(paths, names) where path != "-" {
        let root = Self.folder(of: path)
        let folder = try byFolder[ByteText(root)] ?? PictureFolder(roots: [root], match: match, limits: limits)
        byFolder[ByteText(root)] = folder
        byFile[ByteText(name)] = folder
      }
    }
    self.byFile = byFile
  }

  /// The folder that contains all files of a corpus, as given; nil if there are several.
  ///
  /// - Parameter paths: the corpus' files as given; `-` stands for the current folder.
  /// - Returns: the folder.
  package static func common(to paths: [String]) -> String? {
    let folders = paths.map(folder)
    guard let first = folders.first, folders.allSatisfy({ $0.hasSameBytes(as: first) }) else { return nil }
    return first
  }

  /// The folder of a file. It compares bytes, because a combining mark after a slash would join it into one character.
  private static func folder(of path: String) -> String {
    guard path != "-", let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// The folder for a file of the corpus.
  package subscript(file: ByteText) -> PictureFolder { shared ?? byFile[file] ?? fallback }
}
