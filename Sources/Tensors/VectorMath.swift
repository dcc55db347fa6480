internal import CKernels

/// Sums over rows of tokens that are too few to matter for speed; every order is fixed.
package enum VectorMath {
  /// The mean of the rows, which represents a sequence.
  package static func mean(_ x: MatrixView) -> [Float] {
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
  package static func maximum(_ x: MatrixView) -> [Float] {
    precondition(x.rows > 0, "no rows have no largest")
    var top = x.values(ofRow: 0)
    for index in 1..<max(x.rows, 1) {
      let row = x.row(index)
      // A NaN stays NaN: the comparison is written accordingly.
      for column in 0..<x.width where !(top[column] >= row[column]) && !top[column].isNaN {
        top[column] = row[column]
      }
    }
    return top
  }

  /// Σ aᵢ bᵢ, in eight sums that are added at the end.
  package static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int) -> Float {
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

  /// Σ aᵢ², summed in parts of 4,096 numbers, the parts in double precision.
  package static func squares(_ a: UnsafePointer<Float>, count: Int) -> Double { ckernels_squares(a, count) }

  /// a·b / (|a| |b|), from −1 to 1; NaN if either has length 0.
  ///
  /// Summed in double precision, so that long vectors lose no precision.
  package static func cosine(_ a: [Float], _ b: [Float]) -> Float {
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

extension Collection where Element == Float {
  /// e^(xᵢ − max) / Σ e^(xⱼ − max), summed in a fixed order; NaN everywhere if there is one.
  package func softmax() -> [Float] {
    guard !isEmpty else { return [] }
    // The kernel works on whole registers of up to sixteen floats.
    var values = Array(self) + repeatElement(0, count: (16 - count % 16) % 16)
    let padded = values.count
    values.withUnsafeMutableBufferPointer { ckernels_softmax($0.baseAddress, 1, count, padded) }
    return Array(values.prefix(count))
  }
}
