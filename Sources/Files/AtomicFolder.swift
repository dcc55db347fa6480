internal import Glibc

/// A folder that appears completely or not at all, and never replaces another.
///
/// It is created next to its final place under a temporary name (see ``TemporaryName``) and renamed in one step: of two
/// commands that create the same folder, the second gets an error. If the work ends early, nothing is left.
package final class AtomicFolder {
  /// Its path, without trailing slashes.
  package let path: String
  /// The place of its files until it is complete.
  package let partial: String
  private let target: PathParts
  private let mayReplaceEmpty: Bool
  private let descriptor: Int32
  private var isOpen = true

  /// Creates the folder.
  ///
  /// - Parameters:
  ///   - path: its final path.
  ///   - mayReplaceEmpty: whether an empty folder may already be there.
  /// - Throws: `alreadyThere`, `impossiblePath`, `system`.
  package init(_ path: String, mayReplaceEmpty: Bool = false) throws(FileError) {
    try Self.check(path, mayReplaceEmpty: mayReplaceEmpty)
    self.path = Self.trimmed(path)
    self.mayReplaceEmpty = mayReplaceEmpty
    target = PathParts(self.path)
    TemporaryName.removeLeftovers(of: target.name, in: target.folder)
    (partial, descriptor) = try Self.begin(target)
    UnfinishedFiles.add(partial)
  }

  deinit {
    if isOpen { FolderTree.remove(partial) }
    UnfinishedFiles.drop(partial)
    if descriptor >= 0 { close(descriptor) }
  }

  /// Throws if a path is not free.
  package static func check(_ path: String, mayReplaceEmpty: Bool = false) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    let path = trimmed(path)
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard mayReplaceEmpty, status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) else { throw .alreadyThere }
    closedir(stream)
    guard FolderTree.names(in: path).isEmpty else { throw .alreadyThere }
  }

  /// A folder's path without trailing slashes, so that an ending can be added.
  package static func trimmed(_ path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func begin(_ target: PathParts) throws(FileError) -> (String, Int32) {
    for _ in 0..<100 {
      let partial = target.beside(TemporaryName.make(for: target.name))
      guard mkdir(partial, 0o777) == 0 else {
        if errno == EEXIST { continue }
        throw .system(errno)
      }
      let descriptor = open(partial, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
      if descriptor < 0, errno != ENOENT {
        let code = errno
        rmdir(partial)
        throw .system(code)
      }
      if descriptor >= 0 {
        if TemporaryName.hold(descriptor) { return (partial, descriptor) }
        close(descriptor)
      }
    }
    throw .system(EAGAIN)
  }

  /// The path of a file in it, until it is complete.
  package func file(_ name: String) -> String { "\(partial)/\(name)" }

  /// Writes a small file into it. No other process knows the folder yet, so the file needs no temporary name.
  ///
  /// - Parameters:
  ///   - bytes: the file's content.
  ///   - name: the file's name, or its path within the folder.
  ///   - isDurable: whether to wait for the disk; for thousands of files this takes long.
  /// - Throws: `alreadyThere`, `system`.
  package func write(_ bytes: [UInt8], to name: String, isDurable: Bool = true) throws(FileError) {
    try FolderTree.write(bytes, to: file(name), isDurable: isDurable)
  }

  /// Gives the complete folder its name.
  ///
  /// - Throws: `alreadyThere` if something was created at its path in the meantime; `system`.
  package func finish() throws(FileError) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(errno) }
    if mayReplaceEmpty {
      guard rename(partial, path) == 0 else {
        throw [EEXIST, ENOTEMPTY, ENOTDIR].contains(errno) ? .alreadyThere : .system(errno)
      }
    } else {
      try ExclusiveRename.folder(partial, to: path)
    }
    isOpen = false
    UnfinishedFiles.drop(partial)
    target.synchronise()
  }
}
