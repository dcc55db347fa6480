internal import Files
internal import Glibc

/// A regular file's bytes, mapped into memory for reading.
///
/// Writing to the file while it is mapped is the caller's folly: a file cut short then ends the process.
package final class MappedFile: @unchecked Sendable {
  package let path: String
  private let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`, which may have at most `limit` bytes.
  package init(path: String, limit: Int = .max) throws(ModelError) {
    self.path = path
    let file: OpenFile
    do throws(FileProblem) {
      file = try OpenFile(path)
    } catch {
      throw ModelError(reading: error, at: path)
    }
    let size = file.size
    guard size <= limit else { throw .fileTooLarge(path: path, bytes: size, limit: limit) }
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0), start != MAP_FAILED else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// How many bytes there are.
  package var count: Int { bytes.count }

  /// Calls `body` with the file's bytes, which are gone when this object is.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// A copy of the file's bytes.
  package func copy() -> [UInt8] { withBytes { Array($0) } }

  /// Says that the bytes in `range` are not needed now, so that they do not count as memory in use. Reading them
  /// again brings them back, and so does reading their neighbours: the system may map 2 MiB for one byte.
  package func release(_ range: Range<Int>) {
    guard let start = bytes.baseAddress, !range.isEmpty else { return }
    let large = 2 * 1_048_576
    let lower = range.lowerBound / large * large, upper = min(range.upperBound + large, bytes.count)
    madvise(UnsafeMutableRawPointer(mutating: start) + lower, upper - lower, MADV_DONTNEED)
  }
}
