import Bytes
import Glibc
import Queries

/// Standard error: everything that is not data.
///
/// All of it goes through here, and control characters are written out here, whatever their source: file names,
/// columns, labels and texts of posts come from other people. A line feed is written out, too, so that no name can
/// begin a line that looks like one of clfa's.
enum Console {
  /// Whether standard error is a terminal, the only place where a line can be overwritten.
  static let isTerminal = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// The terminal's columns: the value of `COLUMNS`, otherwise the terminal's own; `nil` if neither is known.
  static var width: Int? {
    if let columns = getenv("COLUMNS").flatMap({ Int(String(cString: $0)) }), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// A reader that closes standard error must not end the program.
  private static let ignoresClosedPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

  /// Writes one line; right-to-left names in it are isolated.
  static func line(_ text: String) {
    write(safe(text).isolatingNames + "\n")
  }

  /// Writes a JSON object as a line; within its strings, an escaped control character stands for itself.
  static func object(_ json: String) {
    write(safe(json) + "\n")
  }

  /// Writes a text of the argument parser, which may have several lines: continuation lines are indented. A line feed
  /// before anything else comes from elsewhere.
  static func block(_ text: String) {
    var lines: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let last = lines.last, !line.hasPrefix("  ") {
        lines[lines.count - 1] = last + "\n" + line
      } else {
        lines.append(String(line))
      }
    }
    lines.forEach(Self.line)
  }

  /// Replaces the moving line, cut to the terminal's width; for terminals only. Right-to-left names in it are isolated.
  static func move(to text: String) {
    // Wrapped text could not be removed again; each character is assumed to be one column wide.
    write("\r\u{1B}[K" + safe(text).isolatedBeginning(columns: width.map { max(1, $0 - 1) }))
  }

  /// Removes the moving line.
  static func clearLine() { write("\r\u{1B}[K") }

  /// A line without control characters and line ends.
  private static func safe(_ text: String) -> String {
    let printable = text.printableLines
    guard printable.utf8.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\t") }) else {
      return printable
    }
    return printable.unicodeScalars.reduce(into: "") { result, scalar in
      if scalar.isTerminalControl && scalar.isASCII {
        result += scalar.escapedForm
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// Writes the text unchanged. A closed or full standard error is ignored: there is nowhere to report it.
  private static func write(_ text: String) {
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

extension Int {
  /// The number with its noun: `1 row`, `2 rows`.
  func counted(_ one: String, _ many: String) -> String {
    "\(self) \(self == 1 ? one : many)"
  }
}
