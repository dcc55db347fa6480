/// A text that equals another only if their bytes are equal: an id, a label, the name of a column, a file or a tensor.
///
/// `String` treats canonically equal spellings as equal: "é" as one code point and as two would be one key.
package struct ByteText: Sendable {
  /// The text, for printing and storing.
  package let text: String

  /// Wraps a text.
  package init(_ text: some StringProtocol) { self.text = String(text) }

  /// The text of some bytes in UTF-8, repaired where they are none.
  package init(decoding bytes: some Collection<UInt8>) { text = String(decoding: bytes, as: UTF8.self) }

  /// The bytes.
  package var utf8: String.UTF8View { text.utf8 }
  /// Whether there are none.
  package var isEmpty: Bool { text.isEmpty }
  /// The text safe to print inside a line of ours.
  package var printable: String { text.printable }
}

extension ByteText: Hashable, Comparable {
  package static func == (left: ByteText, right: ByteText) -> Bool { left.utf8.elementsEqual(right.utf8) }

  /// Whether one text sorts before another, by bytes.
  package static func < (left: ByteText, right: ByteText) -> Bool { left.utf8.lexicographicallyPrecedes(right.utf8) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    // No valid UTF-8 contains this byte, so two consecutive texts cannot be confused with two others.
    hasher.combine(0xFF as UInt8)
  }
}

extension ByteText: ExpressibleByStringInterpolation, CustomStringConvertible {
  package init(stringLiteral text: String) { self.text = text }

  package var description: String { text }
}

extension Sequence<ByteText> {
  /// Where each text is; one that occurs twice has its first place.
  package var places: [ByteText: Int] {
    Dictionary(enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
