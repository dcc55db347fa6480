/// A tensor's place in a safetensors file: checked to lie within it.
package struct SafetensorsTensor: Sendable, Equatable {
  /// The file's name for it.
  package let name: String
  /// How its numbers are written.
  package let type: TensorType
  /// The numbers along each axis.
  package let shape: [Int]
  /// The tensor's bytes in the file.
  package let range: Range<Int>

  /// How many numbers there are.
  package var count: Int { range.count / type.bytes }
}
