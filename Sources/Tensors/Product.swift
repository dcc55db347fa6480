internal import COneDNN

/// The library's plan for products of one size, kept by the worker that made it.
///
/// All weights of a size share a plan: the packed order of a matrix depends on its size alone.
final class Product {
  /// What tells one plan from another.
  struct Key: Hashable {
    let inputs: Int
    let outputs: Int
    let activation: Activation
    /// Whether the product is added to what is there.
    let accumulates: Bool
  }

  let handle: OpaquePointer
  let scratchBytes: Int

  /// `weights`: some packed weights of the key's size.
  init(_ key: Key, like weights: OpaquePointer) throws(TensorError) {
    var made: OpaquePointer?
    let status = conednn_product_create(&made, weights, key.activation.code, key.accumulates ? 1 : 0)
    guard status == 0, let made else {
      throw .library(
        operation: "planning a product of \(key.inputs) by \(key.outputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
    scratchBytes = conednn_product_scratch_bytes(made)
  }

  deinit { conednn_product_destroy(handle) }

  /// The library's name of the kernel it chose.
  var implementation: String { String(cString: conednn_product_implementation(handle)) }
}
