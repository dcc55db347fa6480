import Glibc

/// Standard error: everything that is not data.
enum Console {
  /// Whether standard error is a terminal: only there lines move and colours show.
  static let isTerminal = isatty(STDERR_FILENO) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Writes a line; control and bidirectional characters are escaped, since texts of posts are other people's.
  static func line(_ text: String) {
    write(escaped(text) + "\n")
  }

  /// Writes as it is. Standard error may be closed or full: there is nobody left to tell.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// The text with control, format and bidirectional characters as `\u{…}`.
  static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
        out += "\\u{\(String(scalar.value, radix: 16))}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
