internal import Glibc

/// A place for a command's result that a person names: a file, but standard output, a pipe or a terminal, too.
package enum OutputFile {
  /// The descriptor that a path stands for, such as `/dev/stdout` or `/dev/fd/3`; nil for any other path.
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
  package static func check(_ path: String) throws(FileProblem) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .impossiblePath }
    var status = stat()
    guard stat(path, &status) == 0 else {
      if path.utf8.last == UInt8(ascii: "/") { throw .isFolder }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG, S_IFIFO, S_IFCHR: break
    default: if let problem = FileProblem.instead(ofFile: status.st_mode) { throw problem }
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
  package static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
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

  private static func put(_ bytes: [UInt8], into descriptor: Int32) throws(FileProblem) {
    // A reader that goes away is an error to tell, not the end.
    signal(SIGPIPE, SIG_IGN)
    try bytes.withUnsafeBufferPointer { (bytes) throws(FileProblem) in
      try AtomicWriter.put(UnsafeRawBufferPointer(bytes), into: descriptor)
    }
  }
}
