/// The eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations: A = V diag(λ) Vᵀ.
///
/// Each rotation of two axes makes one pair of off-diagonal numbers zero; sweeps over all pairs continue until only
/// rounding errors are left. It is slower than other methods (O(n³) per sweep, about eight sweeps), but each step is
/// simple, eigenvectors stay orthogonal up to rounding, and the order of the steps is fixed: the same matrix gives the
/// same bits.
package struct SymmetricEigen: Sendable {
  /// The eigenvalues, the greatest first.
  package let values: [Double]
  /// The eigenvectors in that order, normalised; the number with the largest magnitude is positive in each.
  package let vectors: [[Double]]

  /// No matrix needs this many sweeps.
  private static let mostSweeps = 64

  /// Decomposes a matrix, given row by row; only the diagonal and the triangle above it are read.
  ///
  /// - Precondition: `matrix` has `size × size` finite numbers.
  package init(_ matrix: [Double], size: Int) {
    precondition(size >= 0 && matrix.count == size * size, "a square matrix")
    // At a magnitude of 1 no square underflows or overflows.
    let scale = matrix.reduce(0) { max($0, abs($1)) }
    var a = SquareMatrix(scale > 0 ? matrix.map { $0 / scale } : matrix, size), v = SquareMatrix(identity: size)
    for row in 0..<size {
      for column in 0..<row { a[row, column] = a[column, row] }
    }
    // Off-diagonal values below this are rounding errors.
    let little = 1e-15 * a.norm.squareRoot()
    for _ in 0..<Self.mostSweeps where a.offDiagonal.squareRoot() > little {
      for p in 0..<size {
        for q in (p + 1)..<size where abs(a[p, q]) > little / Double(2 * size) { Self.rotate(&a, &v, p, q) }
      }
    }
    let diagonal = (0..<size).map { a[$0, $0] }
    let order = (0..<size).sorted { (diagonal[$1], $0) < (diagonal[$0], $1) }
    values = order.map { diagonal[$0] * scale }
    vectors = order.map { Self.withPositiveSign(v.row($0)) }
  }

  /// Rotates the axes p and q so that A's number between them becomes zero; V's rows turn with them.
  private static func rotate(_ a: inout SquareMatrix, _ v: inout SquareMatrix, _ p: Int, _ q: Int) {
    let between = a[p, q]
    // The tangent of the smaller of the two possible angles.
    let half = (a[q, q] - a[p, p]) / (2 * between)
    let tangent = (half < 0 ? -1 : 1) / (abs(half) + (half * half + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot(), sine = tangent * cosine
    let (atP, atQ) = (a[p, p] - tangent * between, a[q, q] + tangent * between)
    a.turn(p, q, cosine, sine)
    v.turn(p, q, cosine, sine)
    (a[p, p], a[q, q], a[p, q], a[q, p]) = (atP, atQ, 0, 0)
    a.mirror(p)
    a.mirror(q)
  }

  private static func withPositiveSign(_ vector: [Double]) -> [Double] {
    var top = 0.0
    for number in vector where abs(number) > abs(top) { top = number }
    return top < 0 ? vector.map { -$0 } : vector
  }
}

/// A square of numbers, row by row.
private struct SquareMatrix {
  private var numbers: [Double]
  private let size: Int

  init(_ numbers: [Double], _ size: Int) { (self.numbers, self.size) = (numbers, size) }

  init(identity size: Int) {
    self.init([Double](repeating: 0, count: size * size), size)
    for index in 0..<size { self[index, index] = 1 }
  }

  subscript(row: Int, column: Int) -> Double {
    get { numbers[row * size + column] }
    set { numbers[row * size + column] = newValue }
  }

  func row(_ index: Int) -> [Double] { Array(numbers[index * size..<(index + 1) * size]) }

  /// The sum of all squares.
  var norm: Double { numbers.reduce(0) { $0 + $1 * $1 } }

  /// The sum of the squares off the diagonal.
  var offDiagonal: Double {
    var sum = 0.0
    for row in 0..<size {
      for column in 0..<size where column != row { sum += self[row, column] * self[row, column] }
    }
    return sum
  }

  /// Rows p and q become cos·p − sin·q and sin·p + cos·q.
  mutating func turn(_ p: Int, _ q: Int, _ cosine: Double, _ sine: Double) {
    numbers.withUnsafeMutableBufferPointer { numbers in
      guard let base = numbers.baseAddress else { return }
      let (first, second) = (base + p * size, base + q * size)
      for column in 0..<size {
        let (x, y) = (first[column], second[column])
        first[column] = cosine * x - sine * y
        second[column] = sine * x + cosine * y
      }
    }
  }

  /// Writes a row into its column.
  mutating func mirror(_ index: Int) {
    numbers.withUnsafeMutableBufferPointer { numbers in
      for column in 0..<size { numbers[column * size + index] = numbers[index * size + column] }
    }
  }
}
