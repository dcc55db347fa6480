package import Foundation

/// Times as the store writes them: UTC, ISO 8601, whole seconds, such as `2026-01-31T12:00:00Z`.
package enum Timestamp {
  /// The text for a time.
  package static func utc(_ date: Date) -> String { date.formatted(.iso8601) }

  /// The current time.
  package static var now: String { utc(Date()) }

  /// Whether a text has this form; a store may come from an untrusted source.
  package static func isPlain(_ text: String) -> Bool {
    let pattern = Array("dddd-dd-ddTdd:dd:ddZ".utf8)
    let bytes = Array(text.utf8.prefix(21))
    guard bytes.count == pattern.count else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return zip(bytes, pattern).allSatisfy { $1 == UInt8(ascii: "d") ? digits.contains($0) : $0 == $1 }
  }
}
