import Bytes
import Glibc

/// An open file as bytes, read once from beginning to end; it cannot be rewound.
protocol ByteSource: AnyObject {
  /// The path as the user gave it.
  var path: String { get }
  /// The size of a regular file in bytes, as on the disk; `nil` for pipes, terminals, and virtual files of the kernel.
  var size: Int? { get }
  /// Whether opening the path again would give the same bytes from the start.
  var canReopen: Bool { get }
  /// Whether the bytes read are unpacked from those on the disk.
  var isCompressed: Bool { get }

  /// Reads up to `buffer.count` bytes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int

  /// Whether a read would not have to wait for a pipe's writer; waits for this until a deadline.
  func isReady(before deadline: ContinuousClock.Instant) -> Bool

  /// The number of bytes on the disk that the first `count` bytes read took: fewer than `count` if the file is
  /// compressed.
  func storedBytes(of count: Int) -> Int
}

/// Opens files on the disk as bytes of their format.
enum ByteSources {
  /// Opens a file. A compressed one is recognised by its first bytes, whatever its name; another format is added here.
  static func open(_ path: String, shouldStop: @escaping @Sendable () -> Bool) throws(CorpusError) -> any ByteSource {
    let file = try InputFile(path: path, shouldStop: shouldStop)
    if let form = Compression(try file.peek(Compression.signatureLength)) { return try CompressedFile(file, form) }
    return file
  }

  /// Opens a file of a corpus, which may have a mark at its end.
  static func open(_ path: String, _ options: CorpusOptions) throws(CorpusError) -> any ByteSource {
    let source = try open(path, shouldStop: options.shouldStop)
    return options.expectsEnd ? MarkedSource(source) : source
  }
}

/// An open file descriptor, closed with its last owner; it gives the bytes as they are on the disk.
final class InputFile: ByteSource {
  let path: String
  let size: Int?
  let canReopen: Bool
  var isCompressed: Bool { false }
  private let descriptor: Int32
  /// Bytes that were looked at before reading begins.
  private var peeked: [UInt8] = []
  private let shouldStop: @Sendable () -> Bool
  /// The time to wait for a pipe's writer before checking whether to stop, in milliseconds.
  private static let pollTimeout: Int32 = 200

  /// Opens a file, or standard input for `-`. This never blocks; a FIFO's writer is waited for when reading.
  ///
  /// `shouldStop` is called while a pipe or a terminal is silent.
  /// Reading begins at the byte `start` of a regular file.
  init(path: String, from start: Int = 0, shouldStop: @escaping @Sendable () -> Bool) throws(CorpusError) {
    self.path = path
    self.shouldStop = shouldStop
    let isStandardInput = path == "-"
    if isStandardInput {
      descriptor = STDIN_FILENO
    } else {
      // A NUL would truncate the path for the system, which would open another file.
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
    if start > 0, lseek(descriptor, start, SEEK_SET) < 0 { throw .cannotRead(file: path, code: errno) }
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

  /// The first bytes that ``read(into:)`` will give, fewer if the file has fewer; waits for them like `read`.
  func peek(_ count: Int) throws(CorpusError) -> [UInt8] {
    while peeked.count < count {
      var next = [UInt8](repeating: 0, count: count - peeked.count)
      let read = try next.withUnsafeMutableBufferPointer { (buffer) throws(CorpusError) in
        try readOn(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard read > 0 else { break }
      peeked += next[..<read]
    }
    return peeked
  }

  /// Waits for a silent pipe until a stop is requested; then throws `interrupted`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    guard !peeked.isEmpty else { return try readOn(into: buffer) }
    let count = min(peeked.count, buffer.count)
    buffer.copyBytes(from: peeked[..<count])
    peeked.removeFirst(count)
    return count
  }

  private func readOn(into buffer: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
    while true {
      if size == nil { try awaitBytes() }
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR, errno != EAGAIN { throw .cannotRead(file: path, code: errno) }
    }
  }

  func storedBytes(of count: Int) -> Int { count }

  func isReady(before deadline: ContinuousClock.Instant) -> Bool {
    guard size == nil, peeked.isEmpty else { return true }
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    while !shouldStop() {
      let (seconds, rest) = max(deadline - ContinuousClock.now, .zero).components
      let left = Int32(clamping: seconds * 1000 + rest / 1_000_000_000_000_000)
      let ready = poll(&state, 1, min(left, Self.pollTimeout))
      if ready > 0 { return true }
      // The wait is short because another thread may get the signal.
      if left <= 0 || (ready < 0 && errno != EINTR && errno != EAGAIN) { return false }
    }
    return false
  }

  /// Waits until a read would not block: because of bytes, the end, or an error, which `read` reports.
  private func awaitBytes() throws(CorpusError) {
    var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // The wait is short because a signal may come between the check and the wait.
    while true {
      if shouldStop() { throw .interrupted(file: path) }
      let ready = poll(&state, 1, Self.pollTimeout)
      if ready > 0 || (ready < 0 && errno != EINTR && errno != EAGAIN) { return }
    }
  }
}

/// The encoding or format that a file's first bytes indicate.
package enum FileSignature: Sendable, Equatable {
  /// The byte-order mark of an encoding.
  case byteOrder(TextEncoding)
  /// The UTF-32 byte-order mark.
  case utf32
  /// A compressed file, with the command that unpacks it to standard output.
  case compressed(unpacker: String)
  /// A file that holds no rows of text.
  case foreign(ForeignFormat)

  /// The number of bytes needed to recognise an encoding or a compression.
  static let length = 6
  /// The number of bytes that are examined, if they are there.
  static let longest = 1024

  /// Examines the first bytes of a file, at least six if it has so many.
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
    } else if let format = ForeignFormat(bytes) {
      self = .foreign(format)
    } else {
      return nil
    }
  }
}

/// Names made from the paths of corpus files.
package enum FileStem {
  /// The name of a run over a corpus that begins with this path: its last component without the extension, and without
  /// that of compression.
  ///
  /// Standard input (`-`) is `stdin`. A name that is only an extension (`.csv`) is used as it is.
  package static func of(_ path: String) -> String {
    let name = uncompressed(lastComponent(path))
    if name == "-" { return "stdin" }
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex else {
      return name
    }
    return String(name[..<dot])
  }

  /// The endings of compressed files.
  private static let compressions = ["gz", "zst"]

  /// A name without the ending of a compressed file, unless that is all of it.
  private static func uncompressed(_ name: String) -> String {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.utf8.startIndex,
      compressions.contains(String(name[name.utf8.index(after: dot)...]).lowercased())
    else { return name }
    return String(name[..<dot])
  }

  /// Whether a path ends like that of a compressed file.
  static func isCompressed(_ path: String) -> Bool {
    let name = lastComponent(path)
    return uncompressed(name).utf8.count < name.utf8.count
  }

  /// A path's extension in lower case, without the dot; of a compressed file, that of its content. Empty without one.
  static func ending(of path: String) -> String {
    let name = uncompressed(lastComponent(path))
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return "" }
    return String(name[name.utf8.index(after: dot)...]).lowercased()
  }

  /// A path's last component, ignoring trailing slashes; a path of only slashes is returned as it is.
  static func lastComponent(_ path: String) -> String {
    let slash = UInt8(ascii: "/")
    guard let last = path.utf8.split(separator: slash).last else { return path }
    return String(Substring(last))
  }

  /// The names of files in the ledger: last components, or the whole paths if two would be equal.
  package static func ledgerNames(_ paths: [String]) -> [String] {
    let last = paths.map(lastComponent)
    var uses: [ByteText: Int] = [:]
    for name in last { uses[ByteText(name), default: 0] += 1 }
    return zip(paths, last).map { path, name in uses[ByteText(name)] == 1 ? name : path }
  }
}
