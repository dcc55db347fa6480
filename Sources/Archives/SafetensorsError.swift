package import Bytes

/// Why a file is not a safetensors file that can be read.
package enum SafetensorsError: Error, Equatable, Sendable {
  /// Fewer bytes than the header's length requires.
  case cutShort(bytes: Int, needed: UInt64)
  /// A header longer than any model needs.
  case headerTooLong(bytes: UInt64, limit: Int)
  /// A header that is not JSON.
  case notJSON(JSONError)
  /// A header that is not an object of tensors, or metadata that are not strings.
  case notAnEntry(name: String, expected: String)
  /// A number format other than F32, F16 and BF16, or I8 if config.json has no quantization.
  case unsupportedType(name: String, found: String)
  /// A shape with more axes than the limit, a negative size, or more numbers than a computer can count.
  case badShape(name: String)
  /// Offsets that run backwards or beyond the end.
  case badOffsets(name: String, begin: Int, end: Int, available: Int)
  /// A number of bytes that does not fit the shape.
  case wrongLength(name: String, expected: Int, found: Int)
  /// A tensor that begins before the previous one ends.
  case overlap(name: String, other: String)
  /// Bytes that belong to no tensor.
  case gap(at: Int, bytes: Int)
}

extension SafetensorsError: CustomStringConvertible {
  /// The message for the user: the problem and how to fix it.
  package var description: String { "\(detail); make or download the file again" }

  private var detail: String {
    switch self {
    case .cutShort(let bytes, let needed): "cut short: it has \(bytes) of at least \(needed) bytes"
    case .headerTooLong(let bytes, let limit): "its header has \(bytes) bytes, more than the \(limit) allowed"
    case .notJSON(let fault): "the header is not JSON: \(fault)"
    case .notAnEntry(let name, let expected):
      name.isEmpty ? "the header must be \(expected)" : "\(name.printable(upTo: 120)) must be \(expected)"
    case .unsupportedType(let name, let found):
      "\(name.printable(upTo: 120)) has numbers of type \(found.printable(upTo: 60)); clfa reads F32, F16 and BF16, and I8 if config.json has quantization"
    case .badShape(let name): "\(name.printable(upTo: 120)) has an impossible shape"
    case .badOffsets(let name, let begin, let end, let available):
      "\(name.printable(upTo: 120)) is at bytes \(begin) to \(end), but there are \(available)"
    case .wrongLength(let name, let expected, let found):
      "\(name.printable(upTo: 120)) has \(found) bytes, but its shape needs \(expected)"
    case .overlap(let name, let other): "\(name.printable(upTo: 120)) overlaps \(other.printable(upTo: 120))"
    case .gap(let at, let bytes): "\(bytes) bytes at \(at) belong to no tensor"
    }
  }
}
