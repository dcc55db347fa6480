import Foundation

/// A file within its own address: `data:image/png;base64,…` (RFC 2397).
package struct DataAddress: Sendable {
  private let head: Substring.UTF8View
  private let body: Substring.UTF8View

  /// Recognises an address, also with blanks before it; nil for any other text.
  package init?(_ text: String) {
    let text = text.utf8.drop(while: isBlank)
    guard text.count > 5, zip(text, "data:".utf8).allSatisfy({ $0 | 0x20 == $1 | 0x20 }),
      let comma = text.firstIndex(of: UInt8(ascii: ","))
    else { return nil }
    (head, body) = (text[..<comma], text[text.index(after: comma)...])
  }

  /// Whether it is in base 64, the only form that is read.
  package var isBase64: Bool { Substring(head).lowercased().utf8.suffix(7).elementsEqual(";base64".utf8) }

  /// Whether it is the ``name`` of an address, so that the file is not in it.
  package var isName: Bool { body.starts(with: "sha256=".utf8) }

  /// Whether there is no file in it.
  package var isEmpty: Bool { body.allSatisfy(isBlank) }

  /// The number of bytes of the file, or up to two more.
  package var size: Int { body.count / 4 * 3 + 2 }

  /// The file; nil if it is not in base 64. Blanks within it, missing `=` at its end, the alphabet of web addresses (`-`
  /// and `_`) and percent escapes such as `%3D` are allowed.
  package var bytes: [UInt8]? {
    guard isBase64 else { return nil }
    var digits = [UInt8](percentDecoded.utf8)
    digits.removeAll(where: isBlank)
    while digits.last == UInt8(ascii: "=") { digits.removeLast() }
    for place in digits.indices {
      switch digits[place] {
      case UInt8(ascii: "-"): digits[place] = UInt8(ascii: "+")
      case UInt8(ascii: "_"): digits[place] = UInt8(ascii: "/")
      default: break
      }
    }
    digits += repeatElement(UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
    return Data(base64Encoded: Data(digits)).map { [UInt8]($0) }
  }

  /// The body with its percent escapes decoded, or as it is if they are malformed.
  private var percentDecoded: Substring {
    let text = Substring(body)
    guard body.contains(UInt8(ascii: "%")) else { return text }
    return text.removingPercentEncoding.map { Substring($0) } ?? text
  }

  /// The address without the file: its beginning, and the first half of the SHA-256 of the text. Equal addresses have
  /// equal names.
  package var name: String {
    let hash = SHA256.hash(data: Array(body)).hexadecimal.prefix(32)
    return "\(Substring(head.prefix(60))),sha256=\(hash)"
  }

  /// The media type of a picture in base 64 that lacks its address, by its first bytes; nil for any other text.
  package static func bareType(of text: String) -> String? {
    let text = text.utf8.drop(while: isBlank)
    // A name of a file has at most 255 bytes, and base 64 no dot.
    guard let first = text.first, "/_iRU".utf8.contains(first), text.count >= 64,
      let type = types.first(where: { text.starts(with: $0.beginning.utf8) })?.type,
      text.prefix(512).allSatisfy({ isBlank($0) || isDigitOfBase64($0) })
    else { return nil }
    return type
  }

  private static let types: [(beginning: String, type: String)] = [
    ("/9j/", "image/jpeg"), ("_9j_", "image/jpeg"), ("iVBORw0KGgo", "image/png"),
    ("R0lGODdh", "image/gif"), ("R0lGODlh", "image/gif"), ("UklGR", "image/webp"),
  ]
}

/// Whether a byte is ASCII white space.
private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

private func isDigitOfBase64(_ byte: UInt8) -> Bool {
  switch byte {
  case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
  default: "+/-_=".utf8.contains(byte)
  }
}
