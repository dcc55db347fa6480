extension String {
  /// The characters up to a number of them, with an ellipsis where some were left out.
  func clipped(to count: Int) -> String {
    let head = prefix(count)
    return head.endIndex == endIndex ? self : head + "…"
  }
}
