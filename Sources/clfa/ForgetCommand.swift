import ArgumentParser
import Bytes
import Glibc
import Scoring
import Store

/// `clfa forget`: posts removed from a store for good.
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Remove posts from a store for good: all versions, predictions, vectors, pictures, labels, search.",
    discussion: """
      KEYS is a file with one key a line, - for standard input. Every version of a post goes with all that hangs on it, \
      and so do the faults that name its key. Its entries stay as "forgotten", without the key, so that every run still \
      accounts for each record. What is removed is overwritten, and the file written anew. Ended before that is done, it is \
      done by the next command that writes the store.

      The same run never scores those records again. A new run of the same corpus would: take them out of its files, too.

      Keys that are not found are written to standard output, one a line.

      EXAMPLE
        clfa forget posts.sqlite keys.txt
        echo 1280 | clfa forget posts.sqlite -
        clfa query posts.sqlite post key=1280
      """)

  @Argument(help: "The store.", completion: .file(extensions: ["sqlite"]))
  var store: String

  @Argument(help: "The keys, one a line; - is standard input.", completion: .file())
  var keys: String

  func run() throws {
    try Interruptible.run { shouldStop in
      let keys = try KeyFile.read(self.keys, shouldStop: shouldStop)
      let writer = try StoreWriter.open(path: store, creates: false, shouldStop: shouldStop)
      defer { writer.closeAfterError() }
      writer.printNotices()
      let summary = try writer.forget(keys)
      try writer.close()
      for line in words(summary) { Console.line(line) }
      let output = StandardOutput()
      do {
        for key in summary.missing { try output.write(key + "\n") }
        try output.flush()
      } catch StandardOutput.WriteError.closed {
        // Whoever read has seen enough.
      }
      if case .interrupted? = summary.uncompacted { throw ExitStatus.interrupted }
    }
  }

  private func words(_ summary: ForgetSummary) -> [String] {
    var lines: [String] = []
    if summary.keys == 0 {
      lines.append("\(store): nothing of these keys is here; nothing was removed")
    } else {
      let parts = [
        summary.posts.counted("post", "posts"), summary.predictions.counted("prediction", "predictions"),
        summary.vectors.counted("vector", "vectors"), summary.thumbnails.counted("small picture", "small pictures"),
        summary.labels.counted("label", "labels"), summary.faults.counted("fault", "faults"),
      ]
      lines.append(
        "\(store): forgot \(summary.keys.counted("key", "keys")): removed \(parts.joined(separator: ", ")); "
          + "\(summary.entries.counted("entry", "entries")) of \(summary.runs.counted("run", "runs")) "
          + (summary.entries == 1 ? "is" : "are") + " now forgotten")
    }
    if !summary.missing.isEmpty {
      let count = summary.missing.count
      lines.append(
        "not found: \(count.counted("key", "keys")), listed on standard output; keys are compared byte by byte, blanks and "
          + "quotes included")
    }
    switch summary.uncompacted {
    case nil: break
    case .interrupted?:
      lines.append(
        "interrupted while the file was written anew: it may still hold texts of what was removed, until the next command that "
          + "writes the store has done that, such as clfa forget \(store) /dev/null")
    case .busy?:
      lines.append(
        "another program reads the store: what was removed is out of the file when that has closed it, and clfa has "
          + "opened it once more for writing, such as with clfa forget \(store) /dev/null")
    case let error?:
      lines.append(
        "the file could not be written anew, and may still hold texts of what was removed; the next command that writes the "
          + "store tries again: \(Advice.message(of: error))")
    }
    return lines
  }
}

/// A list of posts' keys, one a line, as bytes.
enum KeyFile {
  /// What is wrong with the list.
  enum ReadError: Error, Equatable, CustomStringConvertible {
    case unreadable(path: String, code: Int32)
    case tooLarge(path: String)
    case notUTF8(path: String, line: Int)
    case nul(path: String, line: Int)
    case mixedEndings(path: String, line: Int)
    case interrupted

    var description: String {
      switch self {
      case .unreadable("-", EBADF): "standard input (-) is closed; pipe keys into clfa, or name a file of them"
      case .unreadable(let path, let code):
        "cannot read \(path.printable): \(String(cString: strerror(code))); name a file with one key per line"
      case .tooLarge(let path):
        "\(path.printable) is over \(KeyFile.largest >> 20) MiB; split it and run the command for each part"
      case .notUTF8(let path, let line):
        "\(path.printable):\(line): the key is not UTF-8, but all keys of a store are; save the file as UTF-8"
      case .nul(let path, let line):
        "\(path.printable):\(line): a NUL character, which no key holds; if the file is UTF-16, convert it with iconv"
      case .mixedEndings(let path, let line):
        "\(path.printable):\(line): some lines end in CR LF and some in LF only, so it is unclear whether the CR belongs to "
          + "a key; make all lines end alike (sed -i 's/\\r$//'). Nothing was removed"
      case .interrupted: "interrupted"
      }
    }
  }

  static let largest = 256 << 20

  /// Reads a list; `-` is standard input. A byte-order mark is dropped; where every line ends in CR LF, so are the CRs.
  /// Empty lines are passed over. All other bytes are the keys' own, blanks included.
  static func read(_ path: String, shouldStop: () -> Bool = { false }) throws(ReadError) -> [String] {
    try keys(of: bytes(of: path, shouldStop: shouldStop), path: path)
  }

  private static func keys(of bytes: [UInt8], path: String) throws(ReadError) -> [String] {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    if rest.last == UInt8(ascii: "\n") { rest = rest.dropLast() }
    var lines = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // The last line may lack its end.
    let whole = bytes.last == UInt8(ascii: "\n") ? lines[...] : lines.dropLast()
    if !whole.isEmpty, whole.allSatisfy({ $0.last == UInt8(ascii: "\r") }) {
      lines = lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    } else if let place = lines.firstIndex(where: { $0.last == UInt8(ascii: "\r") }) {
      throw .mixedEndings(path: path, line: place + 1)
    }
    var keys: [String] = []
    for (number, line) in lines.enumerated() where !line.isEmpty {
      if line.contains(0) { throw .nul(path: path, line: number + 1) }
      guard let key = String(validating: line, as: UTF8.self) else { throw .notUTF8(path: path, line: number + 1) }
      keys.append(key)
    }
    return keys
  }

  private static func bytes(of path: String, shouldStop: () -> Bool) throws(ReadError) -> [UInt8] {
    let isInput = path.hasSameBytes(as: "-")
    let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else { throw .unreadable(path: path, code: errno) }
    defer { if !isInput { close(descriptor) } }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      // A pipe may be silent for long.
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&state, 1, 200)
      if shouldStop() { throw .interrupted }
      if ready == 0 || (ready < 0 && errno == EINTR) { continue }
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      guard count >= 0 else { throw .unreadable(path: path, code: errno) }
      guard count > 0 else { return bytes }
      bytes += piece.prefix(count)
      guard bytes.count <= largest else { throw .tooLarge(path: path) }
    }
  }
}
