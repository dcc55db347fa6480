import Bytes

extension String {
  /// The text for a message: its first characters, with an ellipsis where some were left out, safe to print in a line.
  func clipped(to count: Int) -> String { printable(upTo: count) }
}
