public import Bytes

/// Why a file is not a safetensors file that can be read.
public enum SafetensorsFault: Error, Equatable, Sendable {
  /// Fewer bytes than the header's length takes, or than it says.
  case cutShort(bytes: Int, needed: UInt64)
  /// A header longer than any model needs.
  case headerTooLong(bytes: UInt64, limit: Int)
  /// A header that is not JSON.
  case notJSON(JSONFault)
  /// A header that is not an object of tensors, or metadata that are not strings.
  case notAnEntry(name: String, expected: String)
  /// A number format other than F32, F16 and BF16, or I8 where config.json tells of no quantisation.
  case unsupportedType(name: String, found: String)
  /// A shape with more axes than the limit, a negative size, or more numbers than a computer can count.
  case badShape(name: String)
  /// Offsets that run backwards or beyond the end.
  case badOffsets(name: String, begin: Int, end: Int, available: Int)
  /// As many bytes as the shape does not take.
  case wrongLength(name: String, expected: Int, found: Int)
  /// A tensor that begins before the one in front of it ends.
  case overlap(name: String, other: String)
  /// Bytes that belong to no tensor.
  case gap(at: Int, bytes: Int)
}
