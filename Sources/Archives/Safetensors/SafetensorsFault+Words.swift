internal import Bytes

extension SafetensorsFault: CustomStringConvertible {
  /// What is wrong, and how to mend it.
  public var description: String { "\(detail); make or download the file again" }

  private var detail: String {
    switch self {
    case .cutShort(let bytes, let needed): "cut short: \(bytes) bytes of at least \(needed)"
    case .headerTooLong(let bytes, let limit): "a header of \(bytes) bytes, at most \(limit) are read"
    case .notJSON(let fault): "the header is not JSON: \(fault)"
    case .notAnEntry(let name, let expected):
      name.isEmpty ? "the header must be \(expected)" : "\(name.printable(upTo: 120)) must be \(expected)"
    case .unsupportedType(let name, let found):
      "\(name.printable(upTo: 120)) has numbers of type \(found.printable(upTo: 60)), F32, F16 and BF16 are read, and I8 where config.json has quantization"
    case .badShape(let name): "\(name.printable(upTo: 120)) has no shape that can be"
    case .badOffsets(let name, let begin, let end, let available):
      "\(name.printable(upTo: 120)) lies at \(begin) to \(end) of \(available) bytes"
    case .wrongLength(let name, let expected, let found):
      "\(name.printable(upTo: 120)) has \(found) bytes, its shape takes \(expected)"
    case .overlap(let name, let other): "\(name.printable(upTo: 120)) overlaps \(other.printable(upTo: 120))"
    case .gap(let at, let bytes): "\(bytes) bytes at \(at) belong to no tensor"
    }
  }
}
