/// Times as the store writes them.
package enum Timestamp {
  /// A time if it is a plain `2026-01-31T12:00:00Z`, else the epoch: Cairo takes the clock for what it cannot read.
  package static func checked(_ text: String) -> String { isPlain(text) ? text : "1970-01-01T00:00:00Z" }

  /// A time for readers: `2026-01-31 12:00:00 UTC`; other texts as they are.
  static func readable(_ text: String) -> String {
    guard isPlain(text) else { return text }
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
  }

  private static func isPlain(_ text: String) -> Bool {
    let pattern = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
    let bytes = Array(text.utf8.prefix(21))
    guard bytes.count == pattern.count else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return zip(bytes, pattern).allSatisfy { $1 == UInt8(ascii: "d") ? digits.contains($0) : $0 == $1 }
  }
}
