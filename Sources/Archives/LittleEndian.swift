extension UnsafeRawBufferPointer {
  /// The little-endian number at a byte; nil where it does not lie within the bytes.
  func number<Number: FixedWidthInteger>(_ type: Number.Type = Number.self, at offset: Int) -> Number? {
    guard offset >= 0, offset <= count - MemoryLayout<Number>.size else { return nil }
    return Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
  }

  /// The bytes of a range as a text; nil where they are not UTF-8.
  ///
  /// - Precondition: the range lies within the bytes.
  func text(_ range: Range<Int>) -> String? { String(validating: self[range], as: UTF8.self) }
}
