internal import CKernels
internal import Tensors

/// Rows as a product reads them: as they are, or rounded to bf16 in the step's memory.
struct Operand {
  let base: UnsafeRawPointer
  /// How many rows count.
  let count: Int
  let width: Int

  /// The rows there are, counting or not.
  var padded: Int { Rows.padded(count) }
}

extension Pass {
  /// The rows as a factor of products.
  func operand(_ rows: Rows) throws(TensorError) -> Operand {
    guard format == .bf16 else {
      return Operand(base: UnsafeRawPointer(rows.base), count: rows.count, width: rows.width)
    }
    let raw = UnsafeMutableRawPointer(try memory.take((rows.numbers + 1) / 2))
    let halves = raw.bindMemory(to: UInt16.self, capacity: rows.numbers)
    try shareNumbers(rows.numbers) { range in
      ckernels_bf16(rows.base + range.lowerBound, halves + range.lowerBound, range.count)
    }
    return Operand(base: UnsafeRawPointer(raw), count: rows.count, width: rows.width)
  }
}
