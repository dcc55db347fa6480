import Bytes
import Glibc
import Queries

/// Standard error: everything that is not data.
enum Console {
  /// Whether standard error is a terminal: only there lines move.
  static let isTerminal = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// The terminal's columns: what `COLUMNS` says, else what the terminal does; `nil` where neither knows.
  static var width: Int? {
    if let columns = getenv("COLUMNS").flatMap({ Int(String(cString: $0)) }), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// A moving line cut to the terminal, for what wraps cannot be taken back; each character is one column wide.
  static func cut(_ line: String) -> String {
    width.map { String(line.prefix(max(1, $0 - 1))) } ?? line
  }

  /// A reader of standard error that goes away must not end the program.
  private static let ignoresClosedPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  /// Writes lines; what a terminal would obey is written out, since texts of posts are other people's, and
  /// right-to-left names are isolated.
  static func line(_ text: String) {
    write(text.printableLines.isolatingNames + "\n")
  }

  /// Writes as it is. A closed or full standard error is no error: there is nobody left to tell.
  static func write(_ text: String) {
    _ = ignoresClosedPipes
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
