import Glibc
import Scoring

/// Standard output as whole lines: a request to stop ends the writing after a line, never within one.
struct LineOutput {
  /// Why nothing more can be written.
  enum WriteError: Error, CustomStringConvertible {
    /// The reader has closed the pipe.
    case closed
    /// A signal asked to stop; the last line is whole.
    case interrupted
    /// The bytes cannot be written.
    case failed(code: Int32)

    var description: String {
      switch self {
      case .closed: "standard output was closed"
      case .interrupted: "interrupted"
      case .failed(let code):
        "cannot write to standard output: \(String(cString: strerror(code))); check the disk or the pipe"
      }
    }
  }

  /// The lines written whole.
  private(set) var lines = 0
  private let descriptor: Int32

  /// Prepares for writing; from now on a closed pipe is an error, no longer a signal that ends the process.
  init(_ descriptor: Int32 = STDOUT_FILENO) {
    signal(SIGPIPE, SIG_IGN)
    self.descriptor = descriptor
  }

  /// Writes lines, each of which ends with a line feed.
  mutating func write(_ text: String) throws(WriteError) {
    let bytes = Array(text.utf8), newline = UInt8(ascii: "\n")
    var rest = bytes[...]
    while !rest.isEmpty {
      if Interrupt.isRequested {
        if rest.startIndex == 0 || bytes[rest.startIndex - 1] == newline { throw .interrupted }
        // The rest of a line that has begun.
        if let end = rest.firstIndex(of: newline) { rest = rest[...end] }
      }
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        lines += rest.prefix(count).count { $0 == newline }
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EPIPE: throw .closed
      case EINTR: continue
      case EAGAIN:
        var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&state, 1, 200)
      case let code: throw .failed(code: code)
      }
    }
  }
}
