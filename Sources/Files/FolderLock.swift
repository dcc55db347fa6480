internal import Glibc

/// Keeps a folder for one process at a time, until it ends or lets go.
package final class FolderLock: Sendable {
  /// Why a folder could not be kept.
  package enum Failure: Error, Equatable, Sendable {
    /// Another process has it, or has just removed it.
    case taken
    /// Nobody can tell, for the folder cannot be opened.
    case problem(FileProblem)
  }

  private let descriptor: Int32

  /// Keeps a folder; a file system without locks keeps nobody out.
  package init(_ folder: String) throws(Failure) {
    let opened = retrying { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard opened >= 0 else { throw errno == ENOENT ? .taken : .problem(.system(errno)) }
    let isTaken = flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    // Whoever finished between the opening and the lock has removed the folder.
    var status = stat()
    if isTaken || (fstat(opened, &status) == 0 && status.st_nlink == 0) {
      close(opened)
      throw .taken
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
