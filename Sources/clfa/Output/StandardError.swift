import Glibc
import Queries

/// Standard error, for everything that is not data.
enum StandardError {
  /// Writes a text at once; what a terminal would obey is written out. A closed standard error is no error.
  static func write(_ text: String) {
    var rest = Array(text.printableLines.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
