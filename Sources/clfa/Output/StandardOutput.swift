import Bytes
import Glibc
import Queries
import Scoring

/// Standard output, written in large pieces; a reader that goes away ends the program in peace.
///
/// On a terminal every piece is made safe first: what would move the cursor or reorder text is written
/// out, whatever the format. In a pipe or a file the bytes are the data's own.
final class StandardOutput {
  /// What stops writing.
  enum Trouble: Error, CustomStringConvertible {
    /// The reader has gone, as `head` does: a success.
    case closed
    /// The bytes cannot be written.
    case failed(code: Int32)
    /// A signal asked to stop.
    case interrupted

    var description: String {
      switch self {
      case .closed: "standard output is closed"
      case .failed(let code):
        "cannot write to standard output: \(String(cString: strerror(code))); check the disk or the pipe"
      case .interrupted: "interrupted"
      }
    }
  }

  /// Whether people read along.
  let isTerminal: Bool
  /// The terminal's columns; `nil` where there is no terminal.
  let width: Int?
  /// What has been written and not yet passed on. Append to it, then call `drain`.
  var buffer: [UInt8] = []

  private let descriptor: Int32
  private static let piece = 1 << 16

  /// Prepares for writing; from now on a closed pipe is an error to handle, no longer a signal that kills.
  init(descriptor: Int32 = STDOUT_FILENO) {
    signal(SIGPIPE, SIG_IGN)
    self.descriptor = descriptor
    isTerminal = Self.isTerminal(descriptor)
    width = isTerminal ? Self.width(descriptor) : nil
  }

  /// Whether people read along.
  static func isTerminal(_ descriptor: Int32 = STDOUT_FILENO) -> Bool { isatty(descriptor) == 1 }

  /// Appends a text.
  func write(_ text: String) throws(Trouble) {
    buffer.append(contentsOf: text.utf8)
    try drain()
  }

  /// Passes on what is there, if it is enough to be worth it, or people wait for it.
  func drain() throws(Trouble) {
    if buffer.count >= Self.piece || isTerminal { try flush() }
  }

  /// Passes on everything.
  func flush() throws(Trouble) {
    let bytes = isTerminal ? Array(String(decoding: buffer, as: UTF8.self).printableLines.utf8) : buffer
    buffer.removeAll(keepingCapacity: true)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EPIPE: throw .closed
      case EINTR: if Interrupt.isRequested { throw .interrupted }
      case EAGAIN:
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&state, 1, -1) < 0, errno == EINTR, Interrupt.isRequested { throw .interrupted }
      case let code: throw .failed(code: code)
      }
    }
  }

  private static func width(_ descriptor: Int32) -> Int? {
    var size = winsize()
    if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    if let columns = getenv("COLUMNS"), let count = Int(String(cString: columns)), count > 0 { return count }
    return 80
  }
}
