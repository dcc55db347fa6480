/// A table of positions, one row for the whole picture, or none, and one for each patch of a square grid.
enum PositionTable {
  /// The table for another grid: the row for the whole stays, the others are resized bicubically as PyTorch does.
  ///
  /// - Parameters:
  ///   - table: (`wholes` + from²) × `width` numbers.
  ///   - from: the side of its grid.
  ///   - to: the side of the other grid.
  ///   - width: the numbers of a row.
  ///   - wholes: the rows before the grid's.
  ///   - isSmoothed: whether a smaller grid's cells are made of all that they cover, as some encoders ask for; then
  ///     the curve is that of Pillow, too.
  /// - Returns: (`wholes` + to²) × `width` numbers.
  static func resize(
    _ table: [Float], from: Int, to: Int, width: Int, wholes: Int = 1, isSmoothed: Bool
  ) -> [Float] {
    guard from != to else { return table }
    let taps = isSmoothed ? smoothed(from: from, to: to) : plain(from: from, to: to)
    // Columns first, then rows; each in f32, as it is done there.
    var columns = [Float](repeating: 0, count: from * to * width)
    for row in 0..<from {
      for column in 0..<to {
        for (source, weight) in taps[column] {
          let place = (row * to + column) * width, old = (wholes + row * from + source) * width
          for number in 0..<width { columns[place + number] += weight * table[old + number] }
        }
      }
    }
    var result = Array(table[..<(wholes * width)]) + [Float](repeating: 0, count: to * to * width)
    for row in 0..<to {
      for (source, weight) in taps[row] {
        for number in 0..<to * width {
          result[(wholes + row * to) * width + number] += weight * columns[source * to * width + number]
        }
      }
    }
    return result
  }

  private typealias Taps = [[(source: Int, weight: Float)]]

  /// Four cells around each place, those beyond the edge being the edge's.
  private static func plain(from: Int, to: Int) -> Taps {
    let scale = Double(from) / Double(to)
    return (0..<to).map { cell in
      let place = (Double(cell) + 0.5) * scale - 0.5, floor = place.rounded(.down)
      return (-1...2).map { step in
        let source = min(max(Int(floor) + step, 0), from - 1)
        return (source, Float(cubic(abs(place - floor - Double(step)), sharpness: -0.75)))
      }
    }
  }

  /// All cells within two steps of each place, steps being as wide as the coarser grid's; those that exist, weighed
  /// to a sum of 1.
  private static func smoothed(from: Int, to: Int) -> Taps {
    let scale = Double(from) / Double(to), step = max(scale, 1)
    return (0..<to).map { cell in
      let centre = (Double(cell) + 0.5) * scale
      let first = max(0, Int(centre - 2 * step + 0.5)), end = min(from, Int(centre + 2 * step + 0.5))
      let weights = (first..<end).map { cubic(abs(Double($0) - centre + 0.5) / step, sharpness: -0.5) }
      let sum = weights.reduce(0, +)
      return zip(first..<end, weights).map { ($0, Float($1 / sum)) }
    }
  }

  /// Keys' cubic convolution: 1 at 0, 0 at 1 and from 2 on.
  private static func cubic(_ x: Double, sharpness a: Double) -> Double {
    if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
  }
}
