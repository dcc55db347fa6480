internal import CKernels
internal import COneDNN

/// Rows in the form that a product or attention reads: rounded to a format. They belong to a workspace or to a training
/// step.
///
/// A layer whose result is used nowhere else writes it in this form, so no separate pass is needed for rounding.
package struct Operand {
  let base: UnsafeMutableRawPointer
  let rows: Int
  let width: Int
  let format: NumberFormat
  /// The scale of each row; int8 only.
  let tokens: UnsafeMutablePointer<ckernels_token>?

  /// The rows of each block.
  package var blocks: [Range<Int>] {
    stride(from: 0, to: rows, by: Matrix.block).map { $0..<min($0 + Matrix.block, rows) }
  }

  /// The rows from `first` on, one block at most.
  package func block(from first: Int) -> Operand {
    Operand(
      base: base + first * width * format.bytes, rows: min(rows - first, Matrix.block), width: width, format: format,
      tokens: tokens.map { $0 + first })
  }

  /// Rounds `count` rows of floats to the rows from `first` on.
  func write(_ x: UnsafePointer<Float>, rows count: Int, at first: Int) {
    let block = block(from: first)
    switch format {
    case .f32: block.base.assumingMemoryBound(to: Float.self).update(from: x, count: count * width)
    case .bf16: ckernels_bf16(x, block.base.assumingMemoryBound(to: UInt16.self), count * width)
    case .int8:
      ckernels_quantise(x, count, width, block.base.assumingMemoryBound(to: UInt8.self), block.tokens)
    }
  }
}

extension Workspace {
  /// An operand whose values are not defined, until the enclosing `temporarily` ends.
  package func operand(rows: Int, width: Int, format: NumberFormat) throws(TensorError) -> Operand {
    let bytes = Matrix.capacity(rows) * width * format.bytes
    let base = try take((bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride)
    var tokens: UnsafeMutablePointer<ckernels_token>?
    if format == .int8 {
      let count = Matrix.capacity(rows)
      tokens = UnsafeMutableRawPointer(
        try take(count * MemoryLayout<ckernels_token>.stride / MemoryLayout<Float>.stride)
      ).bindMemory(to: ckernels_token.self, capacity: count)
    }
    return Operand(
      base: UnsafeMutableRawPointer(base), rows: rows, width: width, format: format, tokens: tokens)
  }
}

extension MatrixView {
  /// One block of rows from `first` on in the form that a product reads: unchanged, or rounded to `scratch`, which must
  /// have space for a block.
  ///
  /// The block's rows past the last row of the matrix are undefined.
  func block(from first: Int, in scratch: Operand) -> Operand {
    precondition(stride == width, "a product reads dense rows")
    let count = min(rows - first, Matrix.block)
    guard scratch.format != .f32 else {
      precondition(readableRows - first >= Matrix.block, "there is a whole block to read")
      // Products only read it.
      return Operand(
        base: UnsafeMutableRawPointer(mutating: row(first)), rows: count, width: width, format: .f32, tokens: nil)
    }
    scratch.write(row(first), rows: count, at: 0)
    return Operand(
      base: scratch.base, rows: count, width: width, format: scratch.format, tokens: scratch.tokens)
  }
}

/// The format that the factors of a matrix product are rounded to. Everything between products is f32.
package enum NumberFormat: Sendable, Hashable, CaseIterable {
  /// 32-bit floating point: nothing is rounded.
  case f32
  /// The upper half of f32: its range, and eight bits of precision.
  case bf16
  /// Bytes: each token in 255 steps of its own range, each output's weights in 127 steps on either side of 0.
  case int8

  /// Whether the library uses special instructions of this processor for products in this format.
  package var isFast: Bool { conednn_has(code) != 0 }

  /// The bytes of one number.
  var bytes: Int {
    switch self {
    case .f32: 4
    case .bf16: 2
    case .int8: 1
    }
  }

  /// The maximum number of terms in a sum: more products of bytes could overflow 32 bits.
  package var longestSum: Int { self == .int8 ? 65_536 : .max }

  var code: conednn_format {
    switch self {
    case .f32: CONEDNN_F32
    case .bf16: CONEDNN_BF16
    case .int8: CONEDNN_INT8
    }
  }
}
