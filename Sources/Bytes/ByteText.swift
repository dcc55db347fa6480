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

extension StringProtocol {
  /// Whether two strings are the same bytes. Swift's `==` also calls canonically equal strings equal.
  package func hasSameBytes(as other: some StringProtocol) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}

extension String? {
  /// Whether both are none, or the same bytes.
  package func hasSameBytes(as other: String?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let left?, let right?): left.hasSameBytes(as: right)
    default: false
    }
  }
}
