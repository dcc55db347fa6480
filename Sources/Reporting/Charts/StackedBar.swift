/// One bar cut into parts, with a legend beneath.
struct StackedBar {
  /// A part of the bar.
  struct Part {
    var name: String
    var count: Int
    var colour: Colour
  }

  var parts: [Part]

  func piece(_ typesetter: Typesetter, width: Double) -> Piece {
    let total = parts.reduce(0) { $0 + $1.count }
    let legend = parts.filter { $0.count > 0 }.map { part in
      (part, typesetter.shape("\(part.name) \(Format.share(part.count, of: total))", .tiny))
    }
    return Piece(height: 30, gap: 8) { canvas, rect in
      var x = rect.x
      for (part, _) in legend {
        let length = rect.width * Double(part.count) / Double(max(total, 1))
        canvas.fill(Rect(x: x, y: rect.y, width: max(length - 0.6, 0.3), height: 10), part.colour)
        x += length
      }
      x = rect.x
      for (part, words) in legend {
        canvas.fill(Rect(x: x, y: rect.y + 18, width: 6, height: 6), part.colour)
        canvas.draw(words, x: x + 9, baseline: rect.y + 24)
        x += (words?.width ?? 0) + 24
      }
    }
  }
}
