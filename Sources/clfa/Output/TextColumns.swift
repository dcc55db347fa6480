import Bytes
import Queries

/// Rows of cells as lines of text.
enum TextColumns {
  /// Lines whose columns are as wide as their widest cell; the first row has a cell for each column.
  static func lines(_ rows: [[String]]) -> [String] {
    let rows = rows.map { $0.map(\.printable) }
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].displayWidth }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { place, cell in
        place == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[place] - cell.displayWidth)
      }
      var line = cells.joined(separator: "  ")
      while line.utf8.last == 0x20 { line.removeLast() }
      return line
    }
  }
}
