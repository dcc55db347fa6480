/// A text that equals another only where their bytes do, for sets and dictionaries of what comes from outside.
///
/// `String` calls canonically equal spellings one: "é" as one code point and as two would be one key there.
package struct ByteText: Hashable, Comparable, Sendable {
  private let bytes: [UInt8]

  /// Wraps a text.
  package init(_ text: some StringProtocol) { bytes = Array(text.utf8) }

  /// Whether one text sorts before another, by bytes.
  package static func < (left: ByteText, right: ByteText) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}
