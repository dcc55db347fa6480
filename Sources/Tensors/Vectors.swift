/// The sums over rows of tokens that are too few to matter for speed; every order is fixed.
public enum Vectors {
  /// The mean of the rows: what is said of a sequence by its tokens.
  public static func mean(_ x: MatrixView) -> [Float] {
    precondition(x.rows > 0, "no rows have no mean")
    var sum = x.values(ofRow: 0)
    for index in 1..<max(x.rows, 1) {
      let row = x.row(index)
      for column in 0..<x.width { sum[column] += row[column] }
    }
    let count = Float(x.rows)
    for column in 0..<x.width { sum[column] /= count }
    return sum
  }

  /// The largest number of each column.
  public static func maximum(_ x: MatrixView) -> [Float] {
    precondition(x.rows > 0, "no rows have no largest")
    var top = x.values(ofRow: 0)
    for index in 1..<max(x.rows, 1) {
      let row = x.row(index)
      // A NaN stays one: the comparison is written so that it wins.
      for column in 0..<x.width where !(top[column] >= row[column]) && !top[column].isNaN {
        top[column] = row[column]
      }
    }
    return top
  }

  /// Σ aᵢ bᵢ, in eight sums that are added at the end.
  public static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
    var sums = SIMD8<Float>.zero
    let whole = count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      let x = UnsafeRawPointer(a + start).loadUnaligned(as: SIMD8<Float>.self)
      sums += x * UnsafeRawPointer(b + start).loadUnaligned(as: SIMD8<Float>.self)
    }
    var sum = sums.sum()
    for index in whole..<count { sum += a[index] * b[index] }
    return sum
  }

  /// a·b / (|a| |b|), from −1 to 1; NaN if either has no length.
  ///
  /// Summed in double precision, so that long vectors lose nothing.
  public static func cosine(_ a: [Float], _ b: [Float]) -> Float {
    precondition(a.count == b.count, "both vectors have the same width")
    var dot = 0.0, squareA = 0.0, squareB = 0.0
    for (x, y) in zip(a, b) {
      let (x, y) = (Double(x), Double(y))
      dot += x * y
      squareA += x * x
      squareB += y * y
    }
    return Float(dot / (squareA * squareB).squareRoot())
  }
}
