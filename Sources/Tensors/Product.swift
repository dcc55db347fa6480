internal import COneDNN

/// The library's plan for products of one size, kept by the worker that made it.
///
/// All weights of a size and a format share a plan: the packed order of a matrix depends on nothing else.
final class Product {
  /// What tells one plan from another.
  struct Key: Hashable {
    let inputs: Int
    let outputs: Int
    /// What x and W are in.
    let format: NumberFormat
    /// What y is in.
    let result: NumberFormat
    let activation: Activation
    /// Whether the product is added to what is there.
    let accumulates: Bool
  }

  let handle: OpaquePointer
  let scratchBytes: Int

  /// `weights`: some packed weights of the key's size and format. `rows`: one block for all that scores.
  init(_ key: Key, like weights: PackedWeights, rows: Int = Matrix.block) throws(TensorError) {
    var made: OpaquePointer?
    let status = withExtendedLifetime(weights) {
      conednn_product_create(
        &made, weights.handle, Int64(rows), key.result.code, key.activation.code, key.accumulates ? 1 : 0)
    }
    guard status == 0, let made else {
      throw .library(
        operation: "planning a product of \(key.inputs) by \(key.outputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
    scratchBytes = conednn_product_scratch_bytes(made)
  }

  deinit { conednn_product_destroy(handle) }

  /// Multiplies its rows: y = x·Wᵀ + b, or what else the key says. Both have room for all of them.
  func run(
    _ weights: PackedWeights, _ x: UnsafeRawPointer, into y: UnsafeMutableRawPointer, using workspace: Workspace
  ) throws(TensorError) {
    let scratch = try workspace.scratch(bytes: scratchBytes)
    let status = withExtendedLifetime((self, weights)) {
      conednn_product_run(handle, weights.handle, x, y, scratch)
    }
    guard status == 0 else {
      throw .library(operation: "a product", reason: String(cString: conednn_status_words(status)))
    }
  }

  /// The library's name of the kernel it chose.
  var implementation: String { String(cString: conednn_product_implementation(handle)) }
}
