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
  private let shouldStop: @Sendable () -> Bool
  /// How long to wait for a pipe's writer before asking whether to go on, in milliseconds.
  private static let patience: Int32 = 200

  /// Opens a file, or standard input for `-`. Nothing waits here: a FIFO's writer is waited for when it is read.
  ///
  /// `shouldStop` is asked while nothing comes through a pipe or from a terminal.
  init(path: String, shouldStop: @escaping @Sendable () -> Bool = { false }) throws(CorpusError) {
    self.path = path
    self.shouldStop = shouldStop
    let isStandardInput = path.hasSameBytes(as: "-")
    if isStandardInput {
      descriptor = STDIN_FILENO
    } else {
      // A NUL would cut the path short for the system and open another file.
      guard !path.utf8.contains(0) else { throw .notFound(file: path) }
      descriptor = Self.open(path)
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

  private static func open(_ path: String) -> Int32 {
    while true {
      let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
      if descriptor >= 0 || errno != EINTR { return descriptor }
    }
  }

  deinit {
    if descriptor > STDIN_FILENO { close(descriptor) }
  }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  ///
  /// A pipe that stays silent is waited for, until somebody wants to stop: then it throws `interrupted`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    while true {
      if size == nil { try awaitBytes() }
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR, errno != EAGAIN { throw .cannotRead(file: path, code: errno) }
    }
  }

  /// Whether a read would not wait for a pipe's writer, or comes to that before a deadline.
  func isReady(before deadline: ContinuousClock.Instant) -> Bool {
    guard size == nil else { return true }
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !shouldStop() {
      let (seconds, rest) = max(deadline - ContinuousClock.now, .zero).components
      let left = Int32(clamping: seconds * 1000 + rest / 1_000_000_000_000_000)
      let ready = poll(&state, 1, min(left, Self.patience))
      if ready > 0 { return true }
      // Another thread may have got the signal, so the wait is short.
      if left <= 0 || (ready < 0 && errno != EINTR && errno != EAGAIN) { return false }
    }
    return false
  }

  /// Waits until a read would not: bytes are there, or the end, or an error for `read` to tell.
  private func awaitBytes() throws(CorpusError) {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // A signal may come between the question and the wait, so the wait is short.
    while true {
      if shouldStop() { throw .interrupted(file: path) }
      let ready = poll(&state, 1, Self.patience)
      if ready > 0 || (ready < 0 && errno != EINTR && errno != EAGAIN) { return }
    }
  }
}
