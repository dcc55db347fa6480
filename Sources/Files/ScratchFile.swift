internal import Glibc

/// A file without a name, for data that would not fit into memory. Its space is free again when the value or the process
/// ends, even if the process is killed. Not for use by two threads at once.
package final class ScratchFile {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var written = 0
  private static let piece = 1 << 18

  /// Creates an empty file on the disk of a path, which itself is not touched.
  package init(near path: String) throws(FileError) {
    let parts = PathParts(path)
    for _ in 0..<100 {
      let name = parts.beside(TemporaryName.make(for: parts.name))
      let opened = retrying { open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600) }
      if opened >= 0 {
        unlink(name)
        descriptor = opened
        return
      }
      if errno != EEXIST { throw .system(errno) }
    }
    throw .system(EAGAIN)
  }

  deinit { close(descriptor) }

  /// The number of bytes.
  package var size: Int { written + buffer.count }

  /// Lets `body` append bytes at the end.
  package func append(_ body: (inout [UInt8]) -> Void) throws(FileError) {
    body(&buffer)
    if buffer.count >= Self.piece { try flush() }
  }

  /// The bytes from an offset on, at most `count`; fewer only at the end.
  package func bytes(at offset: Int, _ count: Int) throws(FileError) -> [UInt8] {
    if offset + count > written { try flush() }
    let wanted = max(0, min(count, written - offset))
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, used in
      while used < wanted {
        let step = retrying {
          pread(descriptor, buffer.baseAddress.map { $0 + used }, wanted - used, off_t(offset + used))
        }
        if step <= 0 {
          failure = step < 0 ? errno : EIO
          break
        }
        used += step
      }
    }
    if failure != 0 { throw .system(failure) }
    return bytes
  }

  private func flush() throws(FileError) {
    try buffer.withUnsafeBufferPointer { (bytes) throws(FileError) in
      try AtomicWriter.put(UnsafeRawBufferPointer(bytes), into: descriptor)
    }
    written += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }
}
