/// Cells as `clfa export --excel` writes them, so that a spreadsheet shows them and reads no formula or number in them.
enum SpreadsheetCell {
  /// The text that was protected by an apostrophe before a sign of formulas, or by `="…"` around digits; nil for a cell
  /// that is not protected.
  static func unprotected(_ cell: String) -> String? {
    let bytes = cell.utf8
    if bytes.starts(with: "=\"".utf8), bytes.count > 3, bytes.last == UInt8(ascii: "\"") {
      let text = bytes.dropFirst(2).dropLast()
      let isNumber = text.allSatisfy { (0x30...0x39).contains($0) || $0 | 0x20 == UInt8(ascii: "e") }
      return isNumber ? String(text) : nil
    }
    guard bytes.first == UInt8(ascii: "'") else { return nil }
    let text = cell.unicodeScalars.dropFirst()
    guard let first = text.first, "=+-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first) else {
      return nil
    }
    return String(text)
  }
}
