internal import Glibc

/// A file that appears completely or not at all.
///
/// It is written next to its final place under a temporary name (see ``TemporaryName``) and renamed in one step at the
/// end; if the work ends early, nothing is left. Not for use by two threads at once.
package final class AtomicWriter {
  /// The kinds of file that may already be at the path.
  package enum Place: Sendable {
    /// Nothing; a file that appears there in the meantime is not replaced.
    case new
    /// Nothing, or a regular file, which is replaced and whose permissions are kept; a link is followed.
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

  /// Throws if a file cannot be written at a path.
  ///
  /// - Returns: the permissions of the file that would be replaced; nil if there is none.
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

  /// Lets `body` append to the buffer, and writes the buffer once it is large enough.
  package func append(_ body: (inout [UInt8]) throws -> Void) throws {
    try body(&buffer)
    if buffer.count >= Self.piece { try flush() }
  }

  /// Overwrites bytes at an offset; they must have been written before.
  package func overwrite(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    try flush()
    guard pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else { throw .system(errno) }
  }

  /// Completes the file and gives it its name.
  ///
  /// - Throws: `alreadyThere` if something appeared at a path that may not be replaced; `system`.
  package func finish() throws(FileError) {
    try flush()
    // Some file systems report a full disk only now.
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

  /// Writes all bytes to a descriptor.
  static func put(_ bytes: UnsafeRawBufferPointer, into descriptor: Int32) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = retrying {
        Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count < 0, errno == EAGAIN {
        // The parent process may have made this descriptor non-blocking: wait as for a blocking one.
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
  /// Writes bytes to a file, completely or not at all.
  package static func write(_ bytes: [UInt8], to path: String, _ place: Place) throws(FileError) {
    let writer = try AtomicWriter(path, place)
    try writer.write(bytes)
    try writer.finish()
  }

  /// Removes what killed processes left of a file or folder of this name.
  package static func removeLeftovers(of path: String) { removeLeftovers(of: path) { $0 == geteuid() } }

  /// Removes what killed processes of certain users left of a file or folder of this name.
  package static func removeLeftovers(of path: String, isOurs: (_ owner: UInt32) -> Bool) {
    let place = PathParts(path)
    TemporaryName.removeLeftovers(of: place.name, in: place.folder, isOurs: isOurs)
  }
}

/// Renames without replacing anything: if two processes want one name, the second gets an error.
package enum ExclusiveRename {
  /// The mechanism that prevents replacing.
  package enum Mechanism: CaseIterable {
    /// A single system call.
    case call
    /// Works on every kernel and file system: a hard link for a file, or an empty folder that is then replaced.
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
    // The file system has no hard links: check, then rename.
    var status = stat()
    guard lstat(new, &status) != 0 else { throw .alreadyThere }
    guard rename(old, new) == 0 else { throw .system(errno) }
  }

  /// Renames a folder.
  package static func folder(_ old: String, to new: String, by mechanisms: [Mechanism] = Mechanism.allCases)
    throws(FileError)
  {
    if mechanisms.contains(.call), try call(old, new) { return }
    // Only one process can create the folder, and only an empty folder is replaced.
    guard mkdir(new, 0o777) == 0 else { throw errno == EEXIST ? .alreadyThere : .system(errno) }
    guard rename(old, new) == 0 else {
      let code = errno
      rmdir(new)
      throw .system(code)
    }
  }

  /// Renames with `renameat2`; false if the kernel or the file system does not support it.
  private static func call(_ old: String, _ new: String) throws(FileError) -> Bool {
    // It is missing from Glibc's module.
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
