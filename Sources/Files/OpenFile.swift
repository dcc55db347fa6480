package import Glibc

/// An open file that is checked by its descriptor, so that it cannot be replaced between the check and reading.
package struct OpenFile: ~Copyable {
  /// Its descriptor, open for reading; closed with this value.
  package let descriptor: Int32
  /// The status of the descriptor, from `fstat`.
  package let status: stat

  /// Opens a regular file. A pipe or a device is an error, and opening never blocks.
  package init(_ path: String) throws(FileError) {
    // A NUL would truncate the path for the system, which would open another file.
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    try self.init(checking: retrying { open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
  }

  /// Takes ownership of a descriptor returned by `open` or `openat`.
  init(checking descriptor: Int32) throws(FileError) {
    guard descriptor >= 0 else { throw .reading(errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(code)
    }
    if let problem = FileError.instead(ofFile: status.st_mode) {
      close(descriptor)
      throw problem
    }
    (self.descriptor, self.status) = (descriptor, status)
  }

  deinit { close(descriptor) }

  /// Its size in bytes when it was opened; also 0 for virtual files of the kernel.
  package var size: Int { Int(status.st_size) }

  /// All its bytes.
  ///
  /// - Throws: `tooLarge` if there are more than `limit`; they are then not read.
  package func contents(limit: Int) throws(FileError) -> [UInt8] {
    guard size <= limit else { throw .tooLarge(bytes: size, limit: limit) }
    // One byte more shows the end, and whether the file has grown beyond its limit.
    var bytes = try beginning(size + 1)
    while bytes.count > size, bytes.count <= limit {
      let more = try beginning(1 << 16)
      if more.isEmpty { break }
      bytes += more
    }
    guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count, limit: limit) }
    return bytes
  }

  /// The bytes of a range; fewer only at the end. The position of ``beginning(_:)`` does not change.
  package func bytes(in range: Range<Int>) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, used in
      while used < range.count {
        let step = retrying {
          pread(descriptor, buffer.baseAddress.map { $0 + used }, range.count - used, off_t(range.lowerBound + used))
        }
        if step < 0 { failure = errno }
        if step <= 0 { break }
        used += step
      }
    }
    if failure != 0 { throw .system(failure) }
    return bytes
  }

  /// The next bytes, at most `count`; fewer only at the end.
  package func beginning(_ count: Int) throws(FileError) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      while used < count {
        let step = retrying { read(descriptor, buffer.baseAddress.map { $0 + used }, count - used) }
        if step < 0 { failure = errno }
        if step <= 0 { break }
        used += step
      }
    }
    if failure != 0 { throw .system(failure) }
    return bytes
  }
}

/// Reads files that must be regular and small.
package enum FileReader {
  /// The bytes of the file at `path`.
  ///
  /// - Throws: `missing`, `isFolder`, `notAFile`; `tooLarge` if it has more than `limit` bytes, `system` if it
  ///   cannot be read.
  package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try OpenFile(path).contents(limit: limit)
  }
}

/// Repeats a system call as long as a signal interrupts it.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// The destination of a command's result, given by the user: a file, standard output, a pipe or a terminal.
package enum OutputFile {
  /// The descriptor named by a path such as `/dev/stdout` or `/dev/fd/3`; nil for any other path.
  package static func descriptor(named path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      for folder in ["/dev/fd/", "/proc/self/fd/"] where path.utf8.starts(with: folder.utf8) {
        return Int32(path.dropFirst(folder.count))
      }
      return nil
    }
  }

  /// Throws if a path cannot take bytes.
  package static func check(_ path: String) throws(FileError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    var status = stat()
    guard stat(path, &status) == 0 else {
      if path.utf8.last == UInt8(ascii: "/") { throw .isFolder }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFIFO, S_IFCHR: break
    default: if let problem = FileError.instead(ofFile: status.st_mode) { throw problem }
    }
    if path.utf8.last == UInt8(ascii: "/") { throw .isFolder }
  }

  /// The first bytes of a regular file; empty for anything else, which is not even opened.
  package static func beginning(of path: String, _ count: Int) -> [UInt8] {
    guard descriptor(named: path) == nil else { return [] }
    return (try? OpenFile(path).beginning(count)) ?? []
  }

  /// Writes bytes to a path: to a file that appears completely or not at all, or directly to a descriptor, a pipe or a
  /// terminal. A pipe without a reader is an error; it is not waited for.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    try check(path)
    if let descriptor = descriptor(named: path) { return try put(bytes, into: descriptor) }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
      return try AtomicWriter.write(bytes, to: path, .replacing)
    }
    let descriptor = retrying { open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw errno == ENXIO ? .noReader : .system(errno) }
    defer { close(descriptor) }
    let flags = fcntl(descriptor, F_GETFL)
    if flags >= 0 { _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK) }
    try put(bytes, into: descriptor)
  }

  private static func put(_ bytes: [UInt8], into descriptor: Int32) throws(FileError) {
    // If the reader goes away, this must give an error message, not end the process.
    signal(SIGPIPE, SIG_IGN)
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try AtomicWriter.put(UnsafeRawBufferPointer(bytes), into: descriptor)
    }
  }
}
