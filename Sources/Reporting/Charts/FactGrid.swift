/// Names and values, side by side in columns.
struct FactGrid {
  var facts: [Fact]
  /// How many facts stand in a row.
  var columns = 2
  var nameWidth = 62.0

  /// One piece a row; each value may take four lines.
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
