/// Cells as `clfa export --excel` writes them, so that a spreadsheet shows them and reads no formula or number in them.
enum SpreadsheetCell {
  /// The text that was protected by an apostrophe before a sign of formulas, or by `="…"` around what a spreadsheet would
  /// change; nil for a cell that is not protected.
  static func unprotected(_ cell: String) -> String? {
    let bytes = cell.utf8
    guard let first = bytes.first, first == UInt8(ascii: "'") || first == UInt8(ascii: "=") else { return nil }
    if bytes.starts(with: "=\"".utf8), bytes.count > 3, bytes.last == UInt8(ascii: "\"") {
      let text = String(cell.unicodeScalars.dropFirst(2).dropLast())
      let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 | 0x20 == UInt8(ascii: "e") }
      return isNumber || SpreadsheetValue.changes(text) ? text : nil
    }
    guard first == UInt8(ascii: "'") else { return nil }
    let text = cell.unicodeScalars.dropFirst()
    guard let sign = text.first, "=+-@\t\r\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(sign) else {
      return nil
    }
    return String(text)
  }
}

/// What becomes of cells as `clfa export --excel` writes them.
package enum SpreadsheetProtection: Sendable {
  /// They are read as they are; if many look so, a notice says it.
  case noticed
  /// They are read as they are.
  case kept
  /// Their protection is removed, and the cells are counted.
  case removed
}

/// Counts the cells of a file that `clfa export --excel` may have protected.
struct ProtectedCells {
  private let file: String
  private let protection: SpreadsheetProtection
  private var records = 0, rows = 0, cells = 0
  /// The line of the first row with such a cell.
  private var line = 0

  /// The fewest rows that make a notice, and of how many rows one must have such a cell.
  private static let fewestRows = 3, rowsPerSign = 50

  init(file: String, options: CorpusOptions) { (self.file, protection) = (file, options.spreadsheet) }

  /// A cell without its protection, if the file is said to have it; it is not counted.
  func plain(_ cell: String) -> String { protection == .removed ? SpreadsheetCell.unprotected(cell) ?? cell : cell }

  /// Counts a record, and removes the protection of its cells if the file is said to have it.
  mutating func take(_ record: inout [String], line: Int) {
    if protection == .kept { return }
    records += 1
    var isCounted = false
    for place in record.indices {
      guard let text = SpreadsheetCell.unprotected(record[place]) else { continue }
      if protection == .removed { record[place] = text }
      cells += 1
      isCounted = true
    }
    guard isCounted else { return }
    rows += 1
    if self.line == 0 { self.line = line }
  }

  /// What was found so far: what was removed, or that many cells look so.
  var notices: [CorpusNotice] {
    if protection == .removed { return cells > 0 ? [.removedProtection(file: file, cells: cells, rows: rows)] : [] }
    guard rows >= Self.fewestRows, rows * Self.rowsPerSign >= records else { return [] }
    return [.likelyProtection(file: file, line: line, cells: cells, rows: rows)]
  }
}
