import Glibc

/// Writes a file whole or not at all: beside its place first, then renamed into it.
package enum AtomicFile {
  /// Puts bytes at a path. A symbolic link keeps pointing where it does; a device or a pipe is written into.
  ///
  /// - Throws: `ReportingError.outputIsDirectory` or `.cannotWrite`; what stood at the path is then untouched.
  package static func write(_ bytes: [UInt8], to path: String) throws(ReportingError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .cannotWrite(path: path, reason: "that is no file name")
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = status.st_mode & S_IFMT
    if exists, kind == S_IFDIR { throw .outputIsDirectory(path) }
    if path.hasSuffix("/") { throw .outputIsDirectory(path) }
    if exists, kind != S_IFREG {
      let file = open(path, O_WRONLY | O_CLOEXEC)
      guard file >= 0 else { throw failure(path) }
      try put(bytes, into: file, path: path)
      guard close(file) == 0 else { throw failure(path) }
      return
    }
    let target = exists ? resolved(path) : path
    try replace(target, with: bytes, mode: exists ? status.st_mode & 0o777 : nil)
  }

  private static func replace(
    _ target: String, with bytes: [UInt8], mode: mode_t?
  ) throws(ReportingError) {
    let temporary = "\(target).\(getpid()).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw failure(target) }
    do throws(ReportingError) {
      try put(bytes, into: file, path: target)
      if let mode, fchmod(file, mode) != 0 { throw failure(target) }
      guard fsync(file) == 0 || errno == EINVAL else { throw failure(target) }
    } catch {
      close(file)
      unlink(temporary)
      throw error
    }
    guard close(file) == 0, rename(temporary, target) == 0 else {
      let error = failure(target)
      unlink(temporary)
      throw error
    }
  }

  private static func put(_ bytes: [UInt8], into file: Int32, path: String) throws(ReportingError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func failure(_ path: String) -> ReportingError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }
}
