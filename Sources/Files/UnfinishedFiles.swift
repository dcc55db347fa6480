internal import Glibc
internal import Synchronization

/// The names of unfinished files and folders: `.NAME.PID-RANDOM.partial` next to NAME.
///
/// The process that writes it holds a lock on it (`flock`). If it is not locked, that process has died, and the next
/// process that writes NAME removes it. On a file system without locks this cannot be known, and nothing is removed.
enum TemporaryName {
  private static let ending = ".partial"
  /// The maximum length of the part of a long name that is kept: names have at most 255 bytes.
  private static let longest = 200

  /// A new temporary name.
  static func make(for name: String) -> String {
    let random = UInt64.random(in: .min ... .max)
    return beginning(of: name) + "\(getpid())-" + String(random, radix: 16) + ending
  }

  /// Whether a name in the same folder is the temporary name of something whose final name is `name`.
  static func isTemporary(_ found: String, for name: String) -> Bool {
    let beginning = beginning(of: name)
    let bytes = found.utf8
    guard bytes.starts(with: beginning.utf8), bytes.suffix(ending.utf8.count).elementsEqual(ending.utf8) else {
      return false
    }
    let middle = bytes.dropFirst(beginning.utf8.count).dropLast(ending.utf8.count)
    let parts = middle.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
      && parts[0].allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && parts[1].allSatisfy { hexadecimal.contains($0) }
  }

  /// Removes what dead processes left of something with the final name `name`. Files of other users stay.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - folder: the folder of its final place.
  ///   - isOurs: whether something that this user owns may be removed.
  static func removeLeftovers(
    of name: String, in folder: String, isOurs: (_ owner: UInt32) -> Bool = { $0 == geteuid() }
  ) {
    let above = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard above >= 0 else { return }
    defer { close(above) }
    for found in FolderTree.names(in: folder) where isTemporary(found, for: name) {
      let descriptor = retrying { openat(above, found, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC) }
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var held = stat(), named = stat()
      // The lock of a file that was just finished is free, too, but the file has another name by then.
      guard fstat(descriptor, &held) == 0, isOurs(held.st_uid), flock(descriptor, LOCK_EX | LOCK_NB) == 0,
        fstatat(above, found, &named, AT_SYMLINK_NOFOLLOW) == 0, FileIdentity(held) == FileIdentity(named)
      else { continue }
      FolderTree.remove(found, in: above, isOurs: isOurs)
    }
  }

  /// Locks a new file or folder, and returns whether it still exists: before it was locked, another process may have
  /// removed it as a leftover.
  static func hold(_ descriptor: Int32) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { return false }
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink > 0
  }

  private static func beginning(of name: String) -> String {
    var kept = name
    while kept.utf8.count > longest { kept.removeLast() }
    return "." + kept + "."
  }

  private static let hexadecimal = Set("0123456789abcdef".utf8)
}

/// A path, split into folder and name.
struct PathParts {
  let folder: String
  let name: String

  init(_ path: String) {
    let cut = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    name = cut.map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  /// The folder; nil if it is the file system's root or the current folder.
  var above: String? { folder == "/" || folder == "." ? nil : folder }

  /// A path in the folder.
  func beside(_ name: String) -> String { folder + "/" + name }

  /// Makes a rename in the folder survive a power cut, if the file system supports it.
  func synchronise() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// The unfinished files and folders of this process, for an exit that runs no `deinit`.
package enum UnfinishedFiles {
  private static let paths = Mutex<Set<String>>([])

  static func add(_ path: String) { paths.withLock { _ = $0.insert(path) } }

  static func drop(_ path: String) { paths.withLock { _ = $0.remove(path) } }

  /// Removes all of them; the process must end right after.
  package static func removeAll() {
    for path in paths.withLock({ $0 }) { FolderTree.remove(path) }
  }
}
