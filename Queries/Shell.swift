/// Words of commands that a report suggests.
package enum Shell {
  /// A word as a shell takes it: in single quotes unless it is plain; control characters are shown as escapes.
  package static func word(_ text: String) -> String {
    let line = DisplayText.line(text, limit: 120)
    let isPlain = !line.isEmpty && line.utf8.allSatisfy { plain.contains($0) }
    return isPlain
      ? line
      : "'" + line.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }

  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/#@%+".utf8)
}
