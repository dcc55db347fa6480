internal import CKernels

/// Scaled dot-product attention of one sequence's tokens, head by head:
/// out = softmax(Q·Kᵀ / √size + bias)·V, `size` = width / heads.
///
/// Sequences never meet in it, so nothing is masked and a sequence's result does not depend on its batch.
public enum Attention {
  /// Attends and writes to `out`.
  ///
  /// Takes 4 · queries · keys · width floating-point operations.
  ///
  /// - Parameters:
  ///   - query: Q, queries × width, in the format of the others.
  ///   - key: K, keys × width.
  ///   - value: V, keys × width.
  ///   - heads: how many heads share the width.
  ///   - bias: queries × keys, added to the scores of every head.
  ///   - out: the first number of as many rows as Q has, `query.width` apart.
  ///   - workspace: the worker's own.
  /// - Throws: `TensorError` if memory is refused.
  public static func attend(
    query: Factors, key: Factors, value: Factors, heads: Int, bias: [Float]? = nil,
    into out: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) throws(TensorError) {
    precondition(key.rows == value.rows && key.rows > 0, "every key has a value, and there is one")
    precondition(query.format == key.format && key.format == value.format, "factors are of one format")
    precondition(bias.map { $0.count == query.rows * key.rows } ?? true, "a bias has a number for each score")
    let size = query.width / heads
    workspace.operations += 4 * query.rows * key.rows * query.width
    try workspace.temporarily { () throws(TensorError) in
      let scratch = try workspace.take(ckernels_attention_scratch(query.rows, key.rows, size))
      func run(_ bias: UnsafePointer<Float>?) {
        var arguments = ckernels_attention_arguments(
          query: query.base, key: key.base, value: value.base, bf16: query.format == .bf16 ? 1 : 0, bias: bias,
          out: out,
          query_stride: query.stride, key_stride: key.stride, value_stride: value.stride,
          out_stride: query.width, queries: query.rows, keys: key.rows, heads: heads, size: size,
          scratch: scratch)
        ckernels_attention(&arguments)
      }
      if let bias {
        bias.withUnsafeBufferPointer { run($0.baseAddress) }
      } else {
        run(nil)
      }
    }
  }
}
