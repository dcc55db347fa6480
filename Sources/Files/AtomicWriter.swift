internal import Glibc

/// A file that appears whole or not at all.
///
/// It is written next to its place under a name of its own (see ``TemporaryName``) and takes its place in one step at the
/// end; if the work ends earlier, nothing is left. Not for use by two threads at once.
package final class AtomicWriter {
  /// The kinds of file that may already be at the path.
  package enum Place: Sendable {
    /// Nothing; something that comes there meanwhile keeps its place.
    case new
    /// Nothing or a regular file, which is replaced and whose permissions are kept; a link keeps leading where it does.
    case replacing
  }

  private let target: PathParts
  private let path: String
  private let place: Place
  private let partial: String
  private let descriptor: Int32
  private var isOpen = true
  private var buffer: [UInt8] = []
  private static let piece = 1 << 18

  /// Begins a file.
  ///
  /// - Throws: `alreadyThere`, `isFolder`, `notAFile` for what is at the path; `impossiblePath`; `system`.
  package init(_ path: String, _ place: Place) throws(FileError) {
    let mode = try Self.check(path, place), file = mode == nil ? path : Self.resolved(path)
    target = PathParts(file)
    (self.path, self.place) = (file, place)
    TemporaryName.removeLeftovers(of: target.name, in: target.folder)
    (partial, descriptor) = try Self.begin(target)
    UnfinishedFiles.add(partial)
    if let mode, fchmod(descriptor, mode) != 0 { throw .system(errno) }
  }

  deinit {
    if isOpen { unlink(partial) }
    UnfinishedFiles.drop(partial)
    close(descriptor)
  }

  /// Complains of what is at a path.
  ///
  /// - Returns: the permissions of the file that would be replaced; nil for none.
  @discardableResult
  package static func check(_ path: String, _ place: Place) throws(FileError) -> UInt32? {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    var status = stat(), mode: mode_t?
    if place == .new {
      guard lstat(path, &status) != 0 else { throw .alreadyThere }
    } else if stat(path, &status) == 0 {
      if let problem = FileError.instead(ofFile: status.st_mode) { throw problem }
      mode = status.st_mode & 0o777
    }
    if path.utf8.last == UInt8(ascii: "/") { throw .isFolder }
    return mode
  }

  private static func begin(_ target: PathParts) throws(FileError) -> (String, Int32) {
    for _ in 0..<100 {
      let partial = target.beside(TemporaryName.make(for: target.name))
      let descriptor = retrying { open(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666) }
      if descriptor < 0, errno != EEXIST { throw .system(errno) }
      if descriptor >= 0 {
        if TemporaryName.hold(descriptor) { return (partial, descriptor) }
        close(descriptor)
      }
    }
    throw .system(EAGAIN)
  }

  /// Appends bytes.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    guard bytes.count < Self.piece else {
      try flush()
      return try Self.put(bytes, into: descriptor)
    }
    buffer += bytes
    if buffer.count >= Self.piece { try flush() }
  }

  /// Appends bytes.
  package func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  /// Lends the buffer to be appended to, and passes on what is enough to be worth it.
  package func append(_ body: (inout [UInt8]) throws -> Void) throws {
    try body(&buffer)
    if buffer.count >= Self.piece { try flush() }
  }

  /// Writes bytes over those at an offset, which must have been written before.
  package func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    try flush()
    guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else { throw .system(errno) }
  }

  /// Ends the file and gives it its name.
  ///
  /// - Throws: `alreadyThere` if something came to the path that is not to be replaced; `system`.
  package func finish() throws(FileError) {
    try flush()
    // Some file systems notice only now that there is no room.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .system(errno) }
    if place == .new {
      try ExclusiveRename.file(partial, to: path)
    } else {
      guard rename(partial, path) == 0 else { throw .system(errno) }
    }
    isOpen = false
    UnfinishedFiles.drop(partial)
    target.synchronise()
  }

  private func flush() throws(FileError) {
    try buffer.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try Self.put(UnsafeRawBufferPointer(bytes), into: descriptor)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes all of some bytes to a descriptor.
  static func put(_ bytes: UnsafeRawBufferPointer, into descriptor: Int32) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = retrying {
        Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EAGAIN {
        // Whoever started this process made its output return at once: wait as for any other.
        var place = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&place, 1, -1) >= 0 || errno == EINTR else { throw .system(errno) }
        continue
      }
      guard count > 0 else { throw .system(count == 0 ? EIO : errno) }
      written += count
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }
}

extension AtomicWriter {
  /// Puts bytes at a path, whole or not at all.
  package static func write(_ bytes: [UInt8], to path: String, _ place: Place) throws(FileError) {
    let writer = try AtomicWriter(path, place)
    try writer.write(bytes)
    try writer.finish()
  }

  /// Removes what killed processes left of a file or folder of this name.
  package static func removeLeftovers(of path: String) { removeLeftovers(of: path) { $0 == geteuid() } }

  /// Removes what killed processes of some users left of a file or folder of this name.
  package static func removeLeftovers(of path: String, isOurs: (_ owner: UInt32) -> Bool) {
    let place = PathParts(path)
    TemporaryName.removeLeftovers(of: place.name, in: place.folder, isOurs: isOurs)
  }
}

/// Gives something its name where nothing may be replaced: of two that want one name, the second gets an error.
package enum ExclusiveRename {
  /// How a file or folder is kept from taking another's place.
  package enum Mechanism: CaseIterable {
    /// One call of the kernel.
    case call
    /// Works on every kernel and file system: a second name for a file, or an empty folder that is then replaced.
    case claim
  }

  /// Renames a file.
  package static func file(_ old: String, to new: String, by mechanisms: [Mechanism] = Mechanism.allCases)
    throws(FileError)
  {
    if mechanisms.contains(.call), try call(old, new) { return }
    if link(old, new) == 0 {
      unlink(old)
      return
    }
    guard errno != EEXIST else { throw .alreadyThere }
    // A file system without second names: a look, and a name.
    var status = stat()
    guard lstat(new, &status) != 0 else { throw .alreadyThere }
    guard rename(old, new) == 0 else { throw .system(errno) }
  }

  /// Renames a folder.
  package static func folder(_ old: String, to new: String, by mechanisms: [Mechanism] = Mechanism.allCases)
    throws(FileError)
  {
    if mechanisms.contains(.call), try call(old, new) { return }
    // Only one process can make the folder, and only an empty one is replaced.
    guard mkdir(new, 0o777) == 0 else { throw errno == EEXIST ? .alreadyThere : .system(errno) }
    guard rename(old, new) == 0 else {
      let code = errno
      rmdir(new)
      throw .system(code)
    }
  }

  /// Renames by `renameat2`; false where the kernel or the file system lacks that.
  private static func call(_ old: String, _ new: String) throws(FileError) -> Bool {
    // Glibc's module does not have it.
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    typealias Call = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    let noReplace: UInt32 = 1
    if unsafeBitCast(symbol, to: Call.self)(AT_FDCWD, old, AT_FDCWD, new, noReplace) == 0 { return true }
    switch errno {
    case EEXIST, ENOTEMPTY: throw .alreadyThere
    case EINVAL, ENOSYS, EPERM, ENOTSUP: return false
    default: throw .system(errno)
    }
  }
}
