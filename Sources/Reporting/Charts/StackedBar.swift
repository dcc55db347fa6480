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
    // A legend with no room left in a line goes on in the next.
    var places: [Point] = [], next = Point(x: 0, y: 18)
    for (_, words) in legend {
      let length = (words?.width ?? 0) + 9
      if next.x > 0, next.x + length > width { next = Point(x: 0, y: next.y + 11) }
      places.append(next)
      next.x += length + 15
    }
    return Piece(height: next.y + 12, gap: 8) { canvas, rect in
      var x = rect.x
      for (part, _) in legend {
        let length = rect.width * Double(part.count) / Double(max(total, 1))
        canvas.fill(Rect(x: x, y: rect.y, width: max(length - 0.6, 0.3), height: 10), part.colour)
        x += length
      }
      for ((part, words), place) in zip(legend, places) {
        canvas.fill(Rect(x: rect.x + place.x, y: rect.y + place.y, width: 6, height: 6), part.colour)
        canvas.draw(words, x: rect.x + place.x + 9, baseline: rect.y + place.y + 6)
      }
    }
  }
}
