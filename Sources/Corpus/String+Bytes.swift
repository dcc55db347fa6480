extension String {
  /// Whether both strings are the same bytes; `==` would also equate canonically equivalent ones.
  package func hasSameBytes(as other: String) -> Bool {
    utf8.elementsEqual(other.utf8)
  }

  /// The characters up to a number of them, with an ellipsis where some were left out.
  func clipped(to count: Int) -> String {
    let head = prefix(count)
    return head.endIndex == endIndex ? self : head + "…"
  }
}
