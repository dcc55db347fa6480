internal import Glibc

/// A folder that files are opened beneath: whatever is exchanged for a link while a path is followed, nothing outside it
/// is opened.
///
/// The folder's descriptor is held. A path is followed from it part by part, each opened relative to the one before and
/// never through a link; a link is read and its target followed in the same way. `openat2` would do the same for paths
/// that stay beneath, but not for absolute ones that lead back into the folder, and not every kernel lets it be called.
package final class RootFolder: Sendable {
  /// Why a folder cannot be held.
  package enum Failure: Error, Equatable, Sendable {
    /// Nothing is there.
    case missing
    /// Something other than a folder is there.
    case notAFolder
    /// The system refuses it.
    case refused(FileProblem)
  }

  let descriptor: Int32
  let identity: FileIdentity

  /// Opens a folder, following links to it.
  package init(_ path: String) throws(Failure) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing }
    let descriptor = retrying { Glibc.open(path, pathOnly | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let problem = FileProblem.reading(errno)
      throw problem == .missing ? .missing : .refused(problem)
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0, code = errno
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    guard isKnown, isFolder, faccessat(descriptor, ".", X_OK, 0) == 0 else {
      let failure: Failure = isKnown && !isFolder ? .notAFolder : .refused(.system(isKnown ? errno : code))
      close(descriptor)
      throw failure
    }
    self.descriptor = descriptor
    identity = FileIdentity(status)
  }

  deinit { close(descriptor) }

  /// Opens a regular file.
  ///
  /// - Parameter path: relative to the folder, or absolute; links are followed as long as all leads back inside.
  /// - Returns: the open file.
  /// - Throws: `outside` where it leads out, whatever is or is not there; `missing`, `isFolder`, `notAFile` and
  ///   `system` for what is inside.
  package func open(_ path: String) throws(FileProblem) -> OpenFile {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty, !bytes.contains(0) else { throw .impossiblePath }
    var walk = PathWalk(root: self)
    return try walk.open(bytes)
  }
}

/// What a name leads to, by device and number.
struct FileIdentity: Equatable, Sendable {
  private let device: dev_t
  private let number: ino_t

  init(_ status: stat) { (device, number) = (status.st_dev, status.st_ino) }
}

/// `O_PATH`, which Glibc's module lacks: the same on every processor that Swift runs on. Opening so needs no right to read.
let pathOnly: Int32 = 0o10_000_000
