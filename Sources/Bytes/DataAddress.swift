import Foundation

/// A file within its own address: `data:image/png;base64,…` (RFC 2397).
package struct DataAddress: Sendable {
  private let head: Substring.UTF8View
  private let body: Substring.UTF8View

  /// Recognises an address; nil for any other text.
  package init?(_ text: String) {
    guard text.utf8.count > 5, text.prefix(5).lowercased() == "data:",
      let comma = text.utf8.firstIndex(of: UInt8(ascii: ","))
    else { return nil }
    (head, body) = (text[..<comma].utf8, text[text.utf8.index(after: comma)...].utf8)
  }

  /// Whether it is in base 64, the only form that is read.
  package var isBase64: Bool { Substring(head).lowercased().utf8.suffix(7).elementsEqual(";base64".utf8) }

  /// Whether it is the ``name`` of an address, so that the file is not in it.
  package var isName: Bool { body.starts(with: "sha256=".utf8) }

  /// The number of bytes of the file, or up to two more.
  package var size: Int { body.count / 4 * 3 + 2 }

  /// The file; nil if it is not in base 64. Blanks within it, and missing `=` at its end, are allowed.
  package var bytes: [UInt8]? {
    guard isBase64 else { return nil }
    var digits = body.filter { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    digits += repeatElement(UInt8(ascii: "="), count: (4 - digits.count % 4) % 4)
    return Data(base64Encoded: Data(digits)).map { [UInt8]($0) }
  }

  /// The address without the file: its beginning, and the first half of the SHA-256 of the text. Equal addresses have
  /// equal names.
  package var name: String {
    let hash = SHA256.hash(data: Array(body)).hexadecimal.prefix(32)
    return "\(Substring(head.prefix(60))),sha256=\(hash)"
  }
}
