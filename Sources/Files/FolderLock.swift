internal import Glibc

/// Keeps a folder for one process at a time, until it ends or lets go.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// Nil where another process has it, or has just removed it; a file system without locks keeps nobody out.
  package init?(_ folder: String) {
    descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    let isTaken = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    // Whoever finished between the opening and the lock has removed the folder.
    var status = stat()
    if isTaken || (fstat(descriptor, &status) == 0 && status.st_nlink == 0) {
      close(descriptor)
      return nil
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}
