/// A part of a page that is never split. It has a height and draws itself into a rectangle of that height.
package struct Piece {
  /// The height in points.
  package var height: Double
  /// The space above it in points, left out at the top of a page.
  package var gap: Double
  /// Whether it must not be the last piece of a page, such as a heading.
  package var staysWithNext: Bool
  /// Pieces to repeat above this one if it begins a page, such as a table's header.
  package var repeated: [Piece] = []
  /// Only the first piece with this name is shown in a report.
  package var onceAs: String?
  /// The text of the heading; nil for other pieces.
  package var heading: String?
  /// The kind of text, if the piece is nothing else.
  package var words: Words?
  /// The smallest width, in points, at which nothing overlaps or is squeezed.
  package var neededWidth = 0.0
  package var draw: (PageCanvas, Rect) -> Void

  /// A text without a chart.
  package enum Words: Equatable {
    /// A note on a chart or table.
    case note
    /// The reason why content is missing.
    case remark(String)
  }

  package init(
    height: Double, gap: Double = 0, staysWithNext: Bool = false, onceAs: String? = nil,
    draw: @escaping (PageCanvas, Rect) -> Void
  ) {
    self.height = height
    self.gap = gap
    self.staysWithNext = staysWithNext
    self.onceAs = onceAs
    self.draw = draw
  }
}

extension Piece {
  /// The title of a document, with a one-line summary.
  static func opening(_ title: String, _ summary: String, _ typesetter: Typesetter, width: Double) -> Piece {
    let title = typesetter.shape(title, .title, width: width)
    let summary = typesetter.shape(summary, TextStyle.body.colour(Palette.muted), width: width)
    return Piece(height: 44) { canvas, rect in
      canvas.draw(title, x: rect.x, baseline: rect.y + 20)
      canvas.draw(summary, x: rect.x, baseline: rect.y + 37)
    }
  }

  /// The title of a later page.
  static func title(_ text: String, _ typesetter: Typesetter, width: Double) -> Piece {
    let shaped = typesetter.shape(text, TextStyle.title.size(15), width: width)
    return Piece(height: 24, gap: 30) { canvas, rect in canvas.draw(shaped, x: rect.x, baseline: rect.y + 15) }
  }

  /// A heading of a block, on up to three lines.
  static func heading(_ text: String, _ typesetter: Typesetter, width: Double) -> Piece {
    let shaped = typesetter.shape(text, .heading, width: width, lines: 3)
    let more = (shaped?.lines ?? 1) > 1 ? max((shaped?.height ?? 0) - 14, 0) : 0
    var piece = Piece(height: 18 + more, gap: 14, staysWithNext: true) { canvas, rect in
      canvas.draw(shaped, x: rect.x, baseline: rect.y + 12)
    }
    piece.heading = text
    return piece
  }

  static func paragraph(
    _ text: String, _ style: TextStyle, _ typesetter: Typesetter, width: Double, lines: Int = 6,
    gap: Double = 4,
    staysWithNext: Bool = false, onceAs: String? = nil
  ) -> Piece {
    let shaped = typesetter.shape(text, style, width: width, lines: lines)
    var piece = Piece(
      height: min(shaped?.height ?? 0, style.size * 1.9 * Double(lines)), gap: gap,
      staysWithNext: staysWithNext,
      onceAs: onceAs
    ) { canvas, rect in
      canvas.clipped(to: rect) { canvas.draw(shaped, at: Point(x: rect.x, y: rect.y)) }
    }
    piece.words = .note
    return piece
  }

  /// A remark in place of missing content.
  static func remark(_ text: String, _ typesetter: Typesetter, width: Double, onceAs: String? = nil) -> Piece {
    let shaped = typesetter.shape(text, .body, width: width - 28, lines: 8)
    var piece = Piece(height: (shaped?.height ?? 0) + 20, gap: 10, onceAs: onceAs) { canvas, rect in
      canvas.fill(rect, Palette.wash)
      canvas.fill(Rect(x: rect.x, y: rect.y, width: 2.5, height: rect.height), Palette.accent)
      canvas.draw(shaped, at: Point(x: rect.x + 14, y: rect.y + 10))
    }
    piece.words = .remark(text)
    return piece
  }
}
