import Bytes

/// The names that Cairo gives to the parts of an SVG file.
///
/// It counts surfaces through the whole process, so that a file drawn second has other names than the same file drawn
/// first. Nothing refers to those names: they are taken out.
enum SVGNames {
  private static let opening = Array("<g id=\"surface".utf8)

  /// An SVG file without the names that depend on what was drawn before it; any other file as it is.
  static func settled(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: Array("<?xml".utf8)) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let next = rest.firstIndex(of: UInt8(ascii: "<")) {
      result += rest[..<next]
      rest = rest[next...]
      if rest.starts(with: opening), let end = rest.dropFirst(opening.count).firstIndex(where: { !isDigit($0) }) {
        result += opening
        result += Array("0".utf8)
        rest = rest[end...]
      } else {
        result.append(UInt8(ascii: "<"))
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
