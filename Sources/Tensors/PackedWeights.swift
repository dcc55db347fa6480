internal import COneDNN

/// A packed W and b. Nothing writes to them after `init`, so threads may share them.
final class PackedWeights: @unchecked Sendable {
  let handle: OpaquePointer

  init(
    weight: UnsafeBufferPointer<Float>, bias: [Float], inputs: Int, format: NumberFormat
  ) throws(TensorError) {
    var made: OpaquePointer?
    let status = conednn_weights_create(
      &made, format.code, weight.baseAddress, bias, Int64(bias.count), Int64(inputs))
    guard status == 0, let made else {
      throw .library(
        operation: "packing weights of \(bias.count) × \(inputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
  }

  deinit { conednn_weights_destroy(handle) }

  /// The bytes that both take.
  var bytes: Int { withExtendedLifetime(self) { conednn_weights_bytes(handle) } }
}
