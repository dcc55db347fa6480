internal import COneDNN

/// Rows of floats in the memory of a workspace or of a training step: tokens × width, dense.
///
/// A matrix has space for some extra rows. A product in scoring reads and writes whole blocks of rows; the extra ones
/// are undefined. Products in training run over the whole capacity, a multiple of 32 rows, so that few sizes occur; the
/// extra rows are undefined in the forward pass and zeros in the backward pass, so they add nothing to a gradient.
package struct Matrix {
  /// The fixed number of rows of a product, so that a row has the same bits whatever the other rows are.
  package static let block = Int(conednn_rows)

  /// The first number of the first row.
  package let base: UnsafeMutablePointer<Float>
  /// The number of rows in use.
  package let rows: Int
  /// The floats of a row.
  package let width: Int
  /// The number of rows that there is space for, including those in use.
  package let capacity: Int

  /// The capacity in a workspace: the last block may begin at the last row.
  static func capacity(_ rows: Int) -> Int { rows + block - 1 }

  /// The capacity in a training step.
  static func stepCapacity(_ rows: Int) -> Int { (rows + 31) / 32 * 32 }

  /// The first number of row `index`.
  @inlinable package func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index * width }

  /// The rows block by block. All steps for one block are done before the next block, while it is in the near cache.
  package var blocks: [(rows: Range<Int>, block: Matrix)] {
    stride(from: 0, to: rows, by: Matrix.block).map { first in
      let range = first..<min(first + Matrix.block, rows)
      return (range, Matrix(base: row(first), rows: range.count, width: width, capacity: capacity - first))
    }
  }

  /// The same numbers, to read.
  package var view: MatrixView {
    MatrixView(base: base, rows: rows, width: width, stride: width, readableRows: capacity)
  }
}

extension Matrix {
  /// The number of floats in the whole capacity.
  package var numbers: Int { capacity * width }

  /// Sets the rows after those in use to zero.
  package func clearPadding() { row(rows).update(repeating: 0, count: (capacity - rows) * width) }

  /// Sets all numbers to zero, including those of extra rows.
  package func clear() { base.update(repeating: 0, count: numbers) }
}

/// Some rows and columns of a matrix, to read.
package struct MatrixView {
  /// The first number of the first row.
  package let base: UnsafePointer<Float>
  /// How many rows there are.
  package let rows: Int
  /// The floats of a row that belong to the view.
  package let width: Int
  /// The floats from one row to the next.
  package let stride: Int
  /// The number of rows from `base` on that may be read: `rows` and any rows after them.
  let readableRows: Int

  init(base: UnsafePointer<Float>, rows: Int, width: Int, stride: Int, readableRows: Int) {
    (self.base, self.rows, self.width, self.stride) = (base, rows, width, stride)
    self.readableRows = readableRows
  }

  /// The first number of row `index`.
  @inlinable package func row(_ index: Int) -> UnsafePointer<Float> { base + index * stride }

  /// Row `index` as an array.
  package func values(ofRow index: Int) -> [Float] {
    Array(UnsafeBufferPointer(start: row(index), count: width))
  }

  /// The rows in `range`, as a view of their own.
  package func rows(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the view")
    return MatrixView(
      base: row(range.lowerBound), rows: range.count, width: width, stride: stride,
      readableRows: readableRows - range.lowerBound)
  }

  /// The columns in `range`, as a view of their own.
  package func columns(_ range: Range<Int>) -> MatrixView {
    precondition(range.lowerBound >= 0 && range.upperBound <= width, "columns outside the view")
    return MatrixView(
      base: base + range.lowerBound, rows: rows, width: range.count, stride: stride,
      readableRows: readableRows)
  }
}

/// The positions of sequences among tokens that are packed one sequence after another, without padding.
package struct RowSpans: Sendable, Equatable {
  /// The first token of each sequence, and the number of all tokens at the end.
  private let starts: [Int]

  /// Sequences of these lengths, in this order.
  package init(lengths: some Sequence<Int>) {
    var starts = [0], end = 0
    for length in lengths {
      precondition(length >= 0, "a sequence has no negative length")
      end += length
      starts.append(end)
    }
    self.starts = starts
  }

  /// How many sequences there are.
  package var count: Int { starts.count - 1 }

  /// How many tokens they have together.
  package var tokens: Int { starts[starts.count - 1] }

  /// The tokens of sequence `index`.
  package subscript(index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

  /// The sequences in `range`, counted from their own first token.
  package subscript(range: Range<Int>) -> RowSpans { RowSpans(lengths: range.map { self[$0].count }) }

  /// The tokens of the sequences in `range`.
  package func tokens(of range: Range<Int>) -> Range<Int> {
    starts[range.lowerBound]..<starts[range.upperBound]
  }
}
