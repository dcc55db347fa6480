import Bytes
package import Evaluation
import Results

/// A confusion matrix small enough for a page: the most frequent labels, with the rest pooled.
package struct MatrixPooling: Equatable, Sendable {
  /// The most rows and columns on a page.
  package static let limit = 24

  /// The rows' names; the last may stand for several labels.
  package var rows: [String]
  /// The columns' names.
  package var columns: [String]
  /// `counts[row][column]`: the number of posts in a cell.
  package var counts: [[Int]]
  /// The cells whose row and column are the same label.
  package var diagonal: [Cell]
  /// For each row of the whole matrix, the index of its row here.
  package var rowPlaces: [Int]
  package var columnPlaces: [Int]

  package struct Cell: Equatable, Sendable {
    package var row: Int
    package var column: Int
  }

  /// Pools a matrix.
  ///
  /// Labels are ranked by the number of posts that have them as truth or prediction. The kept labels stay in order.
  package init(_ matrix: ConfusionMatrix, limit: Int = MatrixPooling.limit) {
    let known = matrix.labels.count
    let weights = matrix.rows.indices.map { row in
      matrix.support(row: row) + (row < known ? matrix.predicted(column: row) : 0)
    }
    let (columns, columnPlaces) = Self.pool(
      matrix.labels, weights: Array(weights.prefix(known)), limit: limit)
    let (rows, rowPlaces) = Self.pool(matrix.rows, weights: weights, limit: limit)
    var counts = Array(repeating: Array(repeating: 0, count: columns.count), count: rows.count)
    for (row, line) in matrix.counts.enumerated() {
      for (column, count) in line.enumerated() { counts[rowPlaces[row]][columnPlaces[column]] += count }
    }
    let rowUse = Self.uses(rowPlaces)
    let columnUse = Self.uses(columnPlaces)
    diagonal = (0..<known).compactMap { label in
      let cell = Cell(row: rowPlaces[label], column: columnPlaces[label])
      return rowUse[cell.row] == 1 && columnUse[cell.column] == 1 ? cell : nil
    }
    (self.rows, self.columns, self.counts) = (rows, columns, counts)
    (self.rowPlaces, self.columnPlaces) = (rowPlaces, columnPlaces)
  }

  /// Whether anything was pooled.
  package var isPooled: Bool { rowPlaces.count > rows.count || columnPlaces.count > columns.count }

  private static func pool(_ names: [ByteText], weights: [Int], limit: Int) -> ([String], [Int]) {
    let names = names.map(DisplayText.name)
    guard names.count > limit else { return (names, Array(names.indices)) }
    let ranked = names.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    let kept = ranked.prefix(limit - 1).sorted()
    var places = Array(repeating: limit - 1, count: names.count)
    for (place, index) in kept.enumerated() { places[index] = place }
    return (kept.map { names[$0] } + ["other (\(names.count - kept.count))"], places)
  }

  private static func uses(_ places: [Int]) -> [Int: Int] {
    places.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
