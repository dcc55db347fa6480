internal import Bytes
package import Inputs

/// Finds the picture of a stored post again: the store has its path and its hash.
package struct PictureLookup {
  /// The folder given by the user; nil for that of the run.
  let folder: String?
  let limits: PictureLimits

  /// Creates a lookup below a folder; nil for the one from which each post was scored.
  package init(folder: String?, limits: PictureLimits) { (self.folder, self.limits) = (folder, limits) }

  /// The picture of a post.
  ///
  /// - Parameters:
  ///   - path: its path, as the corpus has it; nil if the store has none.
  ///   - hash: SHA-256 of the picture that was scored, in hexadecimal.
  ///   - folder: the run's folder of pictures; nil if the run names none.
  ///   - match: how files may differ from their references.
  /// - Returns: the file, which has the hash of the picture that was scored.
  /// - Throws: `MissingPictureError`, `PictureFolderError`, `PictureFileError`.
  package func picture(path: String?, hash: String, folder: String?, match: PictureMatch = .written) throws
    -> PictureFile
  {
    guard let path else { throw MissingPictureError.noPath }
    guard let root = self.folder ?? folder else { throw MissingPictureError.noFolder(path: path) }
    let places = try PictureLocation(recorded: root, match: match).open(limits: limits), file: PictureFile
    do throws(PictureFileError) {
      file = try places.load(path)
    } catch {
      // A hint would name a rule that cannot be chosen here.
      throw PictureFileError(path: error.path, problem: error.problem)
    }
    guard file.sha256.hexadecimal == hash else {
      throw MissingPictureError.changed(path: path, folder: root)
    }
    return file
  }
}

/// Why a post's picture is not looked for, or not used.
package enum MissingPictureError: Error, Equatable, CustomStringConvertible {
  /// The store has no path.
  case noPath
  /// The run has no record of its picture folder.
  case noFolder(path: String)
  /// The file has changed.
  case changed(path: String, folder: String)

  package var description: String {
    switch self {
    case .noPath: "the store has no path for the picture"
    case .noFolder(let path):
      "the run has no picture folder to find \(path.printable) in; name one"
    case .changed(let path, let folder):
      "\(path.printable) in \(folder.printable) is not the picture that was scored; name the folder that has it"
    }
  }
}
