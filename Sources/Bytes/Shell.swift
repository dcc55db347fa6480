/// Words of commands that people are told to run.
package enum Shell {
  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/=:,@%+".utf8)

  /// A command line of words.
  package static func line(_ words: [String]) -> String {
    words.map(word).joined(separator: " ")
  }

  /// A word that a shell takes for this text: in single quotes unless it is plain. What a terminal would obey is
  /// written as bytes in `$'…'`, as bash and zsh read it.
  package static func word(_ text: String) -> String {
    if text.unicodeScalars.contains(where: \.isTerminalControl) {
      return "$'" + text.unicodeScalars.map(escaped).joined() + "'"
    }
    if !text.isEmpty && text.utf8.allSatisfy(plain.contains) { return text }
    return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    case "'", "\\": "\\" + String(scalar)
    case _ where scalar.isTerminalControl:
      String(scalar).utf8.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    default: String(scalar)
    }
  }
}
