import Bytes
import Glibc

/// An open file as bytes, read once from its beginning to its end: nothing goes back in it.
protocol ByteSource: AnyObject {
  /// The path as the user gave it.
  var path: String { get }
  /// The size in bytes of a regular file, as it is on the disk; `nil` for pipes, terminals, and what the kernel makes up.
  var size: Int? { get }
  /// Whether opening the path again would give the same bytes from the start.
  var canReopen: Bool { get }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int

  /// Whether a read would not wait for a pipe's writer, or comes to that before a deadline.
  func isReady(before deadline: ContinuousClock.Instant) -> Bool

  /// How many of the bytes on the disk the first `count` bytes that were read took: fewer than `count` if they are
  /// compressed there.
  func storedBytes(of count: Int) -> Int
}

/// The ways from a file on the disk to the bytes of its format.
enum ByteSources {
  /// Opens a file. One that is to be unpacked on the way, which its name tells, has its line here.
  static func open(
    _ path: String, shouldStop: @escaping @Sendable () -> Bool
  ) throws(CorpusError) -> any ByteSource {
    try InputFile(path: path, shouldStop: shouldStop)
  }
}

/// An open file descriptor, closed with its last owner: the bytes as they are on the disk.
final class InputFile: ByteSource {
  let path: String
  let size: Int?
  let canReopen: Bool
  private let descriptor: Int32
  private let shouldStop: @Sendable () -> Bool
  /// How long to wait for a pipe's writer before asking whether to go on, in milliseconds.
  private static let pollTimeout: Int32 = 200

  /// Opens a file, or standard input for `-`. Nothing waits here: a FIFO's writer is waited for when it is read.
  ///
  /// `shouldStop` is asked while nothing comes through a pipe or from a terminal.
  init(path: String, shouldStop: @escaping @Sendable () -> Bool) throws(CorpusError) {
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

  /// A pipe that stays silent is waited for, until a stop is requested: then it throws `interrupted`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    while true {
      if size == nil { try awaitBytes() }
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR, errno != EAGAIN { throw .cannotRead(file: path, code: errno) }
    }
  }

  func storedBytes(of count: Int) -> Int { count }

  func isReady(before deadline: ContinuousClock.Instant) -> Bool {
    guard size == nil else { return true }
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !shouldStop() {
      let (seconds, rest) = max(deadline - ContinuousClock.now, .zero).components
      let left = Int32(clamping: seconds * 1000 + rest / 1_000_000_000_000_000)
      let ready = poll(&state, 1, min(left, Self.pollTimeout))
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
      let ready = poll(&state, 1, Self.pollTimeout)
      if ready > 0 || (ready < 0 && errno != EINTR && errno != EAGAIN) { return }
    }
  }
}

/// The encoding or format that a file's first bytes show.
package enum FileSignature: Sendable, Equatable {
  /// The byte-order mark of an encoding.
  case byteOrder(TextEncoding)
  /// The UTF-32 byte-order mark.
  case utf32
  /// A compressed file, by the command that unpacks it to standard output.
  case compressed(unpacker: String)
  /// A zip archive, which is what `.xlsx` and `.ods` files are.
  case archive
  /// A Parquet file.
  case parquet

  /// The number of bytes needed to tell.
  static let length = 6

  /// Looks at the first six bytes of a file, or all if it has fewer.
  init?(_ bytes: some Collection<UInt8>) {
    let starts = { (mark: [UInt8]) in bytes.starts(with: mark) }
    if starts([0xEF, 0xBB, 0xBF]) {
      self = .byteOrder(.utf8)
    } else if starts([0xFF, 0xFE, 0, 0]) || starts([0, 0, 0xFE, 0xFF]) {
      self = .utf32
    } else if starts([0xFF, 0xFE]) || starts([0xFE, 0xFF]) {
      self = .byteOrder(.utf16)
    } else if starts([0x1F, 0x8B]) {
      self = .compressed(unpacker: "zcat")
    } else if starts([0x28, 0xB5, 0x2F, 0xFD]) {
      self = .compressed(unpacker: "zstdcat")
    } else if starts([0xFD, 0x37, 0x7A, 0x58]) {
      self = .compressed(unpacker: "xzcat")
    } else if starts(Array("BZh".utf8)), bytes.dropFirst(4).starts(with: Array("1A".utf8)) {
      self = .compressed(unpacker: "bzcat")
    } else if starts([0x50, 0x4B, 0x03, 0x04]) {
      self = .archive
    } else if starts(Array("PAR1".utf8)), let next = bytes.dropFirst(4).first, next < 0x20 {
      self = .parquet
    } else {
      return nil
    }
  }
}

/// Names made from the paths of corpus files.
package enum FileStem {
  /// The name of a run over a corpus that begins with this path: its last component without the extension.
  ///
  /// Standard input (`-`) is `stdin`. A name that is all extension (`.csv`) stays whole.
  package static func of(_ path: String) -> String {
    let name = lastComponent(path)
    if name.hasSameBytes(as: "-") { return "stdin" }
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else {
      return name
    }
    return String(name[..<dot])
  }

  /// A path's last component; trailing slashes do not count, and a path of slashes alone stays as it is.
  static func lastComponent(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    guard let last = path.utf8.split(separator: slash).last else { return path }
    return String(Substring(last))
  }

  /// The ledger's names of files: last components, or the paths as given if two would be equal.
  static func ledgerNames(_ paths: [String]) -> [String] {
    let last = paths.map(lastComponent)
    var uses: [ByteText: Int] = [:]
    for name in last { uses[ByteText(name), default: 0] += 1 }
    return zip(paths, last).map { path, name in uses[ByteText(name)] == 1 ? name : path }
  }
}
