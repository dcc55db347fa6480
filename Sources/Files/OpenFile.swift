package import Glibc

/// An open file that was judged by its descriptor, so that nothing can be exchanged between the look and the reading.
package struct OpenFile: ~Copyable {
  /// Its descriptor, open for reading; closed with this value.
  package let descriptor: Int32
  /// The status of the descriptor, from `fstat`.
  package let status: stat

  /// Opens a regular file. A pipe or a device is an error, and never waited for.
  package init(_ path: String) throws(FileError) {
    // A NUL would cut the path short for the system and open another file.
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    try self.init(checking: retrying { open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) })
  }

  /// Takes over what `open` or `openat` returned.
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

  /// The bytes it had when it was opened; 0 for what the kernel makes up, too.
  package var size: Int { Int(status.st_size) }

  /// All its bytes.
  ///
  /// - Throws: `tooLarge` if there are more than `limit`; they are not read then.
  package func contents(limit: Int) throws(FileError) -> [UInt8] {
    guard size <= limit else { throw .tooLarge(bytes: size, limit: limit) }
    // One byte more shows where the end is, and whether the file grew beyond its limit meanwhile.
    var bytes = try beginning(size + 1)
    while bytes.count > size, bytes.count <= limit {
      let more = try beginning(1 << 16)
      if more.isEmpty { break }
      bytes += more
    }
    guard bytes.count <= limit else { throw .tooLarge(bytes: bytes.count, limit: limit) }
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

/// Reads files that are to be regular and small.
package enum FileReader {
  /// The bytes of the file at `path`.
  ///
  /// - Throws: `missing`, `isFolder`, `notAFile`; `tooLarge` if it has more than `limit` bytes, `system` if it
  ///   cannot be read.
  package static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
    try OpenFile(path).contents(limit: limit)
  }
}

/// Calls again as long as a signal interrupts.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// A place for a command's result that a person names: a file, but standard output, a pipe or a terminal, too.
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

  /// Complains of what is at a path and can take no bytes.
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

  /// The first bytes of a regular file at a path; none for anything else, which is not even opened.
  package static func beginning(of path: String, _ count: Int) -> [UInt8] {
    guard descriptor(named: path) == nil else { return [] }
    return (try? OpenFile(path).beginning(count)) ?? []
  }

  /// Puts bytes at a path: into a file that appears whole or not at all, or straight into a descriptor, a pipe, a
  /// terminal. A pipe without a reader is an error, and not waited for.
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
    // A reader that goes away is an error to tell, not the end.
    signal(SIGPIPE, SIG_IGN)
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try AtomicWriter.put(UnsafeRawBufferPointer(bytes), into: descriptor)
    }
  }
}
