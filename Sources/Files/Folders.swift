internal import Glibc

/// clfa's own folders, with everything in them.
package enum FolderTree {
  /// The names in a folder without `.` and `..`; empty if it cannot be read.
  package static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    return names(in: stream)
  }

  /// Creates a folder and its missing parents. An existing folder is not changed.
  package static func make(_ folder: String) throws(FileError) {
    guard !folder.isEmpty, !folder.utf8.contains(0) else { throw .impossiblePath }
    if mkdir(folder, 0o777) == 0 { return }
    if errno == ENOENT, let above = PathParts(AtomicFolder.trimmed(folder)).above {
      try make(above)
      if mkdir(folder, 0o777) == 0 { return }
    }
    let code = errno
    var status = stat()
    guard code == EEXIST, stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .system(code) }
  }

  /// Writes a new file directly into one of clfa's own folders.
  ///
  /// - Throws: `alreadyThere`, `system`; a part of the file may then exist.
  package static func write(
    _ bytes: [UInt8], to path: String, isDurable: Bool = false
  ) throws(FileError) {
    let descriptor = retrying { open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw errno == EEXIST ? .alreadyThere : .system(errno) }
    defer { close(descriptor) }
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try AtomicWriter.put(UnsafeRawBufferPointer(bytes), into: descriptor)
    }
    guard !isDurable || fsync(descriptor) == 0 || errno == EINVAL else { throw .system(errno) }
  }

  /// Renames a folder.
  ///
  /// - Throws: `alreadyThere` if something has that name, which is not changed; `system`.
  package static func rename(_ old: String, to new: String) throws(FileError) {
    try ExclusiveRename.folder(old, to: new)
    PathParts(new).synchronise()
  }

  /// Removes a file, or a folder and everything in it. A link in it is removed and never followed, even if another
  /// process creates it in the meantime.
  ///
  /// All access is by descriptors, so a folder that is replaced by a link leads nowhere else.
  package static func remove(_ folder: String) {
    let place = PathParts(AtomicFolder.trimmed(folder))
    let above = open(place.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard above >= 0 else { return }
    defer { close(above) }
    remove(place.name, in: above) { _ in true }
  }

  /// Removes a file, a link, or a folder with everything in it, by its name in an open folder.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - above: the open folder.
  ///   - isOurs: whether something that this user owns may be removed.
  static func remove(_ name: String, in above: Int32, isOurs: (_ owner: UInt32) -> Bool) {
    var status = stat()
    guard fstatat(above, name, &status, AT_SYMLINK_NOFOLLOW) == 0, isOurs(status.st_uid) else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlinkat(above, name, 0)
      return
    }
    let descriptor = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    // Another folder may have taken its place.
    guard fstat(descriptor, &status) == 0, isOurs(status.st_uid), let stream = fdopendir(descriptor) else {
      close(descriptor)
      return
    }
    // Folders are read to the end first: removing entries while reading may skip names.
    let names = names(in: stream)
    for name in names { remove(name, in: dirfd(stream), isOurs: isOurs) }
    closedir(stream)
    unlinkat(above, name, AT_REMOVEDIR)
  }

  /// The remaining names in an open folder, without `.` and `..`.
  private static func names(in stream: OpaquePointer) -> [String] {
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != "." && name != ".." { names.append(name) }
    }
    return names
  }
}

/// Locks a folder for one process at a time, until the process ends or releases it.
package final class FolderLock: Sendable {
  /// Why a folder could not be locked.
  package enum Failure: Error, Equatable, Sendable {
    /// Another process has locked it, or has just removed it.
    case taken
    /// The folder cannot be opened, so this is unknown.
    case problem(FileError)
  }

  private let descriptor: Int32

  /// Locks a folder; on a file system without locks this has no effect.
  package init(_ folder: String) throws(Failure) {
    let opened = retrying { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard opened >= 0 else { throw errno == ENOENT ? .taken : .problem(.system(errno)) }
    let isTaken = flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    // A process that finished between opening and locking has removed the folder.
    var status = stat()
    if isTaken || (fstat(opened, &status) == 0 && status.st_nlink == 0) {
      close(opened)
      throw .taken
    }
    descriptor = opened
  }

  deinit { close(descriptor) }
}
