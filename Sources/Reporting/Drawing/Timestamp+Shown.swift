package import Store

extension Timestamp {
  /// A time if it is a plain `2026-01-31T12:00:00Z`, else the epoch: Cairo takes the clock for what it cannot read.
  package static func checked(_ text: String) -> String { isPlain(text) ? text : "1970-01-01T00:00:00Z" }

  /// A time for readers: `2026-01-31 12:00:00 UTC`; other texts as they are.
  static func readable(_ text: String) -> String {
    guard isPlain(text) else { return text }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }
}
