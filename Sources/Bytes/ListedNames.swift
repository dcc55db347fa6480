extension String {
  /// The text for a message: safe to print in a line, and cut where it is longer than `limit` scalars.
  ///
  /// - Complexity: O(`limit`), however long the text is.
  package func printable(upTo limit: Int) -> String {
    let head = unicodeScalars.prefix(limit)
    return head.endIndex == unicodeScalars.endIndex ? printable : String(String.UnicodeScalarView(head)).printable + "…"
  }
}

extension Collection<String> {
  /// Names for a message, `a, b, c and 65533 more`: each safe to print in a line, long ones cut, the first few only. A
  /// message stays short whatever a file holds.
  ///
  /// - Parameters:
  ///   - most: how many are named.
  ///   - separator: what stands between two.
  ///   - quote: what stands around each.
  /// - Returns: the names; nothing for none.
  package func listed(most: Int = 20, separator: String = ", ", quote: String = "") -> String {
    let named = prefix(most).map { quote + $0.printable(upTo: 60) + quote }.joined(separator: separator)
    return count > most ? "\(named) and \(count - most) more" : named
  }
}
