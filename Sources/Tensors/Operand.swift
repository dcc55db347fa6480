internal import CKernels

/// Rows as a product reads them: rounded to the format of its weights. It belongs to a workspace.
///
/// A layer whose result goes to another layer only writes it so, and no pass is spent on rounding.
public struct Operand {
  let base: UnsafeMutableRawPointer
  let rows: Int
  let width: Int
  let format: NumberFormat

  /// The first number of row `index`.
  func row(_ index: Int) -> UnsafeMutableRawPointer { base + index * width * format.bytes }
}

extension Workspace {
  /// An operand whose values are not defined, until the enclosing `temporarily` ends.
  func operand(rows: Int, width: Int, format: NumberFormat) throws(TensorError) -> Operand {
    let bytes = Matrix.capacity(rows) * width * format.bytes
    let base = try take((bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride)
    return Operand(base: UnsafeMutableRawPointer(base), rows: rows, width: width, format: format)
  }
}

extension MatrixView {
  /// One block of rows from `first` on as a product in `format` reads them: where they are, or rounded in `scratch`.
  ///
  /// What stands in the block behind the last row means nothing.
  func block(
    from first: Int, as format: NumberFormat, in scratch: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    precondition(stride == width, "a product reads dense rows")
    switch format {
    case .f32:
      precondition(readableRows - first >= Matrix.block, "there is a whole block to read")
      return UnsafeRawPointer(row(first))
    case .bf16:
      ckernels_bf16(row(first), scratch.assumingMemoryBound(to: UInt16.self), min(rows - first, Matrix.block) * width)
      return UnsafeRawPointer(scratch)
    }
  }
}
