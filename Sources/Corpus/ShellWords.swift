/// Words as a shell reads them.
package enum ShellWords {
  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./=:,%+@".utf8)

  /// The argument, quoted where a shell would take it apart.
  package static func quoted(_ argument: String) -> String {
    if !argument.isEmpty && argument.utf8.allSatisfy(plain.contains) { return argument }
    return "'" + argument.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
