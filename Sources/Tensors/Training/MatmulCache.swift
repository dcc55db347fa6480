internal import COneDNN

/// A thread's plans for products, one per size; the library creates one in a few tenths of a millisecond.
final class MatmulCache {
  struct Key: Hashable {
    var format: NumberFormat
    var rows: Int
    var columns: Int
    var inner: Int
    var aStride: Int
    var bStride: Int
    var cStride: Int
    var transposeA = false
    var transposeB = false
    var isBiased = false
    var accumulates = false
  }

  private var handles: [Key: OpaquePointer] = [:]

  deinit { for handle in handles.values { conednn_matmul_destroy(handle) } }

  /// C = op(A) · op(B) + bias, or C +=.
  func multiply(
    _ key: Key, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, bias: UnsafePointer<Float>? = nil,
    into c: UnsafeMutablePointer<Float>
  ) throws(TensorError) {
    let handle: OpaquePointer
    if let known = handles[key] {
      handle = known
    } else {
      handle = try MatmulCache.make(key)
      handles[key] = handle
    }
    let status = conednn_matmul_run(handle, a, b, bias, c)
    guard status == 0 else { throw MatmulCache.error("a product", status) }
  }

  private static func make(_ key: Key) throws(TensorError) -> OpaquePointer {
    var sizes = conednn_matmul_sizes(
      format: key.format == .bf16 ? CONEDNN_BF16 : CONEDNN_F32, rows: Int64(key.rows), columns: Int64(key.columns),
      inner: Int64(key.inner), a_stride: Int64(key.aStride), b_stride: Int64(key.bStride),
      c_stride: Int64(key.cStride), a_turned: key.transposeA ? 1 : 0, b_turned: key.transposeB ? 1 : 0,
      biased: key.isBiased ? 1 : 0, accumulate: key.accumulates ? 1 : 0)
    var made: OpaquePointer?
    let status = conednn_matmul_create(&made, &sizes)
    guard status == 0, let made else {
      throw error("planning a product of \(key.rows) × \(key.inner) by \(key.inner) × \(key.columns)", status)
    }
    return made
  }

  /// The library's names of the kernels it chose.
  var implementations: Set<String> {
    Set(handles.values.map { String(cString: conednn_matmul_implementation($0)) })
  }

  private static func error(_ operation: String, _ status: Int32) -> TensorError {
    .library(operation: operation, reason: String(cString: conednn_status_words(status)))
  }
}
