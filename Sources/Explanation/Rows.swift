/// The tokens of one sequence, a row of numbers each, where nothing needs to be fast.
struct Rows: Sendable, Equatable {
  /// The numbers of a row.
  let width: Int
  /// The rows, one after another.
  var values: [Float]

  /// Rows of this width.
  init(width: Int, values: [Float]) {
    precondition(width > 0 && values.count.isMultiple(of: width), "rows are of one width")
    (self.width, self.values) = (width, values)
  }

  /// How many rows there are.
  var count: Int { values.count / width }

  /// Row `index`.
  func row(_ index: Int) -> [Float] { Array(values[index * width..<(index + 1) * width]) }

  /// The sum with other rows.
  static func + (left: Rows, right: Rows) -> Rows {
    Rows(width: left.width, values: zip(left.values, right.values).map { $0 + $1 })
  }

  /// Every number changed in one way.
  func map(_ change: (Float) -> Float) -> Rows { Rows(width: width, values: values.map(change)) }

  /// The largest difference of any number from that of other rows; NaN where one is no number, infinite where the rows
  /// are of another size.
  func largestDifference(from other: Rows) -> Float {
    guard other.values.count == values.count else { return .infinity }
    return zip(values, other.values).reduce(0) { largest, pair in
      let difference = abs(pair.0 - pair.1)
      return difference <= largest ? largest : difference
    }
  }
}
