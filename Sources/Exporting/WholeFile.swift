import Glibc

/// A file that appears whole or not at all, and never in the place of another.
///
/// It is written beside its place and takes that at the end; whatever ends the work before leaves nothing.
final class WholeFile {
  private let path: String
  private let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let piece = 1 << 18

  /// Begins a file.
  ///
  /// - Throws: `exists` where something stands at the path, `cannotWrite`.
  init(_ path: String) throws(ExportError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .cannotWrite(path: path, reason: "that is no file name") }
    var status = stat()
    guard lstat(path, &status) != 0 else { throw .exists(path: path) }
    self.path = path
    partial = "\(path).\(getpid()).part"
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    buffer.reserveCapacity(Self.piece * 2)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
  }

  /// Lends the buffer to be appended to, and passes on what is enough to be worth it.
  func write(_ body: (inout [UInt8]) throws -> Void) throws {
    try body(&buffer)
    if buffer.count >= Self.piece { try flush() }
  }

  /// Writes bytes over those at a place, which must have been written before.
  func overwrite(_ bytes: [UInt8], at place: Int) throws(ExportError) {
    try flush()
    guard pwrite(descriptor, bytes, bytes.count, off_t(place)) == bytes.count else { throw Self.failure(path) }
  }

  /// Ends the file and puts it in its place.
  func finish() throws(ExportError) {
    try flush()
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw Self.failure(path) }
    // A second name, unlike a new one, never takes another file's place.
    if link(partial, path) != 0 {
      if errno == EEXIST { throw .exists(path: path) }
      var status = stat()
      guard lstat(path, &status) != 0 else { throw .exists(path: path) }
      guard rename(partial, path) == 0 else { throw Self.failure(path) }
    }
    close(descriptor)
    descriptor = -1
    unlink(partial)
  }

  private func flush() throws(ExportError) {
    var rest = buffer[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      rest = rest.dropFirst(count)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  static func failure(_ path: String) -> ExportError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }
}
