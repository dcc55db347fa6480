internal import CKernels

/// Some rows and columns of queries, keys or values, to read: f32 or bf16.
public struct Factors {
  let base: UnsafeRawPointer
  /// How many rows there are.
  public let rows: Int
  /// The numbers of a row that belong to these.
  public let width: Int
  /// The numbers from one row to the next.
  let stride: Int
  let format: NumberFormat

  private init(base: UnsafeRawPointer, rows: Int, width: Int, stride: Int, format: NumberFormat) {
    (self.base, self.rows, self.width, self.stride, self.format) = (base, rows, width, stride, format)
  }

  /// Floats.
  public init(_ x: MatrixView) {
    self.init(base: x.base, rows: x.rows, width: x.width, stride: x.stride, format: .f32)
  }

  /// What was written for attention to read.
  public init(_ x: Operand) {
    precondition(x.format != .int8, "attention reads no bytes")
    self.init(base: x.base, rows: x.rows, width: x.width, stride: x.width, format: x.format)
  }

  /// The rows in `range`.
  public func rows(_ range: Range<Int>) -> Factors {
    precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the factors")
    return Factors(
      base: base + range.lowerBound * stride * format.bytes, rows: range.count, width: width, stride: stride,
      format: format)
  }

  /// The columns in `range`.
  public func columns(_ range: Range<Int>) -> Factors {
    precondition(range.lowerBound >= 0 && range.upperBound <= width, "columns outside the factors")
    return Factors(
      base: base + range.lowerBound * format.bytes, rows: rows, width: range.count, stride: stride, format: format)
  }
}

extension Attention {
  /// What queries, keys and values with heads of this size are best written in, by a layer of a format: bf16 where
  /// that is no more rounding than the layer's own, and the processor has instructions for it.
  public static func format(after layer: NumberFormat, size: Int) -> NumberFormat {
    // Neighbours are multiplied in pairs.
    layer != .f32 && size.isMultiple(of: 2) && ckernels_has_bf16() != 0 ? .bf16 : .f32
  }
}
