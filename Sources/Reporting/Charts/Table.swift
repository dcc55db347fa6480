import Bytes
import Results

/// A table with a header of up to four lines and hairlines between its rows. Left-aligned cells take up to three lines.
struct Table {
  struct Column {
    var name: String
    var alignment: TextAlignment = .right
    /// The column's share of the width that fixed columns leave; 0 for a fixed column.
    var share = 0.0
    /// A fixed column's width in points.
    var width = 0.0
  }

  struct Row {
    var cells: [String]
    var isBold = false
    /// Whether there is a stronger line above the row, as above a sum.
    var hasRule = false
  }

  var columns: [Column]
  var rows: [Row]
  var style = TextStyle.small
  /// The most rows of a table that is never split across pages.
  private static let wholeRows = 16
  /// The most lines of a column's name.
  private static let headerLines = 4
  private let rowHeight = 15.0
  private let padding = 6.0

  init(columns: [Column], rows: [Row], style: TextStyle = .small) {
    self.columns = columns
    self.rows = rows
    self.style = style
  }

  /// One piece for each row, so that a long table can continue on the next page.
  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let places = places(width: width)
    let (headerHeight, header) = line(
      Row(cells: names(typesetter, places)), style: .tiny, lines: Self.headerLines, isHeader: true, places: places,
      typesetter: typesetter)
    let head = Piece(height: headerHeight, gap: 2, staysWithNext: true) { canvas, rect in
      header(canvas, rect)
      canvas.line(
        Point(x: rect.x, y: rect.maxY), Point(x: rect.maxX, y: rect.maxY), Palette.muted, width: 0.6)
    }
    let isWhole = rows.count <= Self.wholeRows
    return [head]
      + rows.enumerated().map { index, row in
        let (height, draw) = line(row, style: row.isBold ? style.bold() : style, places: places, typesetter: typesetter)
        // Keep a note below with the last row, and the first rows with the header.
        let stays = isWhole || index < 2 || index == rows.count - 1
        var piece = Piece(height: height, staysWithNext: stays) { canvas, rect in
          if row.hasRule {
            canvas.line(
              Point(x: rect.x, y: rect.y), Point(x: rect.maxX, y: rect.y), Palette.muted, width: 0.6)
          }
          draw(canvas, rect)
          canvas.line(
            Point(x: rect.x, y: rect.maxY), Point(x: rect.maxX, y: rect.maxY), Palette.hairline, width: 0.4)
        }
        piece.repeated = [head]
        return piece
      }
  }

  /// The columns' names. Names that would be cut to the same beginning are cut in the middle instead, so that their
  /// ends tell them apart.
  private func names(_ typesetter: Typesetter, _ places: [(x: Double, width: Double)]) -> [String] {
    let isCut = zip(columns, places).map { column, place in
      typesetter.shape(column.name, .tiny, width: max(4, place.width - padding), lines: Self.headerLines)?.isCut == true
    }
    return columns.indices.map { index in
      let name = columns[index].name
      let isLikeAnother = columns.indices.contains {
        $0 != index && isCut[$0] && columns[$0].name.prefix(8).elementsEqual(name.prefix(8))
      }
      guard isCut[index], isLikeAnother else { return name }
      let width = max(4, places[index].width - padding)
      return stride(from: min(name.count, 200), through: 9, by: -1).lazy
        .map { DisplayText.middle(name.withoutIsolates, limit: $0) }
        .first { typesetter.shape($0, .tiny, width: width, lines: Self.headerLines)?.isCut == false } ?? name
    }
  }

  private func line(
    _ row: Row, style: TextStyle, lines: Int = 3, isHeader: Bool = false, places: [(x: Double, width: Double)],
    typesetter: Typesetter
  ) -> (height: Double, draw: (PageCanvas, Rect) -> Void) {
    let shaped = zip(zip(row.cells, columns), places).map { cell, place in
      (
        place.x,
        typesetter.shape(
          cell.0, style, width: max(4, place.width - padding), lines: isHeader || cell.1.alignment == .left ? lines : 1,
          alignment: cell.1.alignment),
        cell.1.alignment == .right ? padding : 0
      )
    }
    // Only text on several lines makes a row taller; a script with tall letters on one line does not.
    let tallest = shaped.compactMap(\.1).filter { $0.lines > 1 }.map(\.height).max() ?? 0
    return (
      max(rowHeight, tallest + 4),
      { canvas, rect in
        canvas.clipped(to: rect) {
          for (x, text, shift) in shaped { canvas.draw(text, x: rect.x + x + shift, baseline: rect.y + 10.5) }
        }
      }
    )
  }

  private func places(width: Double) -> [(x: Double, width: Double)] {
    let free = max(0, width - columns.reduce(0) { $0 + ($1.share > 0 ? 0 : $1.width) })
    let shares = columns.reduce(0) { $0 + $1.share }
    var x = 0.0
    return columns.map { column in
      let own = column.share > 0 ? free * column.share / shares : column.width
      defer { x += own }
      return (x, own)
    }
  }
}

/// Names and values, side by side in columns.
struct FactGrid {
  var facts: [Fact]
  /// The number of facts in a row.
  var columns = 2
  var nameWidth = 62.0

  /// One piece for each row; a value takes up to four lines.
  func pieces(_ typesetter: Typesetter, width: Double) -> [Piece] {
    let gap = 20.0
    let column = (width - gap * Double(columns - 1)) / Double(columns)
    let shaped = facts.map { fact in
      (
        typesetter.shape(fact.name, .note, width: nameWidth - 4),
        typesetter.shape(
          fact.value.isEmpty ? "–" : fact.value, .small, width: column - nameWidth, lines: 4)
      )
    }
    return stride(from: 0, to: shaped.count, by: columns).map { start in
      let row = Array(shaped[start..<min(start + columns, shaped.count)])
      let tallest = row.map { min($0.1?.height ?? 0, 64) }.max() ?? 0
      return Piece(height: max(tallest, 11) + 3, gap: 0) { canvas, rect in
        canvas.clipped(to: rect) {
          for (index, (name, value)) in row.enumerated() {
            let x = rect.x + Double(index) * (column + gap)
            canvas.draw(name, x: x, baseline: rect.y + 9.5)
            canvas.draw(value, x: x + nameWidth, baseline: rect.y + 9.5)
            if let link = facts[start + index].link, let value {
              canvas.link(Rect(x: x + nameWidth, y: rect.y, width: value.width, height: rect.height), to: link)
            }
          }
        }
      }
    }
  }
}
