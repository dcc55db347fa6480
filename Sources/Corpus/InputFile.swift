import Bytes
import Glibc

/// An open file descriptor, closed with its last owner.
final class InputFile: Sendable {
  /// The path as the user gave it.
  let path: String
  /// The size in bytes of a regular file; `nil` for pipes, terminals, and what the kernel makes up.
  let size: Int?
  /// Whether opening the path again would give the same bytes from the start.
  let canReopen: Bool
  private let descriptor: Int32

  /// Opens a file, or standard input for `-`; a FIFO waits here for its writer.
  init(path: String) throws(CorpusError) {
    self.path = path
    let isStandardInput = path.hasSameBytes(as: "-")
    if isStandardInput {
      descriptor = STDIN_FILENO
    } else {
      // A NUL would cut the path short for the system and open another file.
      guard !path.utf8.contains(0) else { throw .notFound(file: path) }
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
    }
    guard descriptor >= 0 else {
      throw [ENOENT, ENOTDIR].contains(errno) ? .notFound(file: path) : .cannotOpen(file: path, code: errno)
    }
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let kind = status.st_mode & S_IFMT
    size = isKnown && kind == S_IFREG && status.st_size > 0 ? Int(status.st_size) : nil
    canReopen = size != nil && !isStandardInput
    if !isKnown { throw .cannotOpen(file: path, code: errno) }
    if kind == S_IFDIR { throw .isDirectory(file: path) }
  }

  deinit {
    if descriptor > STDIN_FILENO { close(descriptor) }
  }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .cannotRead(file: path, code: errno) }
    }
  }
}
