/// How one of several curves or kinds of points looks.
///
/// The colours differ for eyes of every kind: their least distance is 13 ΔE*ab, with deuteranopia, and each has a contrast
/// of 3 at least on white. Dashes tell lines apart where there is no colour at all.
package struct SeriesStyle: Equatable, Sendable {
  /// The colour.
  package var colour: Colour
  /// Lengths of strokes and gaps in points; none for a whole line.
  package var dashes: [Double]

  /// How many styles there are.
  package static var count: Int { styles.count }

  /// The style of a series by its number; all beyond the last are grey.
  package static func of(_ number: Int) -> SeriesStyle {
    styles.indices.contains(number) ? styles[number] : SeriesStyle(colour: Palette.quiet, dashes: [])
  }

  private static let styles = [
    SeriesStyle(colour: Palette.accent, dashes: []), SeriesStyle(colour: Palette.opposite, dashes: [5, 2]),
    SeriesStyle(colour: Palette.ink, dashes: [1.2, 1.8]), SeriesStyle(colour: Colour(0xB2_7483), dashes: [9, 2.5]),
    SeriesStyle(colour: Colour(0x79_00F2), dashes: [7, 2, 1.5, 2]),
    SeriesStyle(colour: Colour(0x8C_9A00), dashes: [3, 1.5]),
  ]
}

/// Cuts a way through points into the strokes of a dashed line.
package enum Dashes {
  /// Cuts a way.
  ///
  /// - Parameters:
  ///   - points: the way.
  ///   - dashes: lengths of strokes and gaps in turn, all above 0.
  /// - Returns: The strokes; the whole way where there are no dashes.
  /// - Complexity: O(points + length / dashes).
  package static func strokes(_ points: [Point], _ dashes: [Double]) -> [[Point]] {
    guard !dashes.isEmpty, dashes.allSatisfy({ $0 > 0 }), let first = points.first else { return [points] }
    var strokes: [[Point]] = [], stroke = [first], turn = 0, left = dashes[0]
    for (from, to) in zip(points, points.dropFirst()) {
      let length = ((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y)).squareRoot()
      var done = 0.0
      while length - done > left {
        done += left
        let part = done / length
        let point = Point(x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part)
        if turn.isMultiple(of: 2) { strokes.append(stroke + [point]) }
        turn += 1
        stroke = [point]
        left = dashes[turn % dashes.count]
      }
      left -= length - done
      stroke.append(to)
    }
    return turn.isMultiple(of: 2) && stroke.count > 1 ? strokes + [stroke] : strokes
  }
}
