internal import COneDNN

/// Rows of floats in memory that belongs to a workspace: tokens × width, dense.
///
/// A matrix has room behind its rows, because a product reads and writes a whole block of rows; what stands
/// there means nothing.
public struct Matrix {
  /// How many rows one product runs over, always: so a row has the same bits in any company.
  package static let block = Int(conednn_rows)

  /// The first number of the first row.
  public let base: UnsafeMutablePointer<Float>
  /// How many rows count.
  public let rows: Int
  /// The floats of a row.
  public let width: Int

  /// The rows there is room for: the last block may begin at the last row.
  static func capacity(_ rows: Int) -> Int { rows + block - 1 }

  /// The first number of row `index`.
  public func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * width }

  /// The rows block by block. What is done to one block before the next is done while it is in the near cache.
  public var blocks: [(rows: Range<Int>, block: Matrix)] {
    stride(from: 0, to: rows, by: Matrix.block).map { first in
      let range = first..<min(first + Matrix.block, rows)
      return (range, Matrix(base: row(first), rows: range.count, width: width))
    }
  }

  /// The same numbers, to read.
  public var view: MatrixView {
    MatrixView(base: base, rows: rows, width: width, stride: width, readableRows: Matrix.capacity(rows))
  }
}

/// Some rows and columns of a matrix, to read.
public struct MatrixView {
  /// The first number of the first row.
  public let base: UnsafePointer<Float>
  /// How many rows there are.
  public let rows: Int
  /// The floats of a row that belong to the view.
  public let width: Int
  /// The floats from one row to the next.
  public let stride: Int
  /// How many rows from `base` on may be read, `rows` and what lies behind them.
  let readableRows: Int

  init(base: UnsafePointer<Float>, rows: Int, width: Int, stride: Int, readableRows: Int) {
    (self.base, self.rows, self.width, self.stride) = (base, rows, width, stride)
    self.readableRows = readableRows
  }

  /// The first number of row `index`.
  public func row(_ index: Int) -> UnsafePointer<Float> { base + index * stride }

  /// Row `index` as an array.
  public func values(ofRow index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: row(index), count: width))
  }

  /// The rows in `range`, as a view of their own.
  public func rows(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the view")
    return MatrixView(
      base: row(range.lowerBound), rows: range.count, width: width, stride: stride,
      readableRows: readableRows - range.lowerBound)
  }

  /// The columns in `range`, as a view of their own.
  public func columns(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= width, "columns outside the view")
    return MatrixView(
      base: base + range.lowerBound, rows: rows, width: range.count, stride: stride,
      readableRows: readableRows)
  }
}
