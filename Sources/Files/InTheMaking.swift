internal import Glibc
internal import Synchronization

/// The files and folders that this process is making, for an ending that runs no `deinit`.
package enum InTheMaking {
  private static let paths = Mutex<Set<String>>([])

  static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  static func drop(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes all of them; the process must end right after.
  package static func removeAll() {
    for path in paths.withLock({ $0 }) { FolderTree.remove(path) }
  }
}
