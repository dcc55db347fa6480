internal import COneDNN

/// A packed W, and b unless W is of bytes. Nothing writes to them after `init`, so threads may share them.
final class PackedWeights: @unchecked Sendable {
  let handle: OpaquePointer

  /// Packs W and b, W rounded to `format`.
  convenience init(
    _ weight: UnsafeBufferPointer<Float>, bias: [Float], inputs: Int, format: NumberFormat
  ) throws(TensorError) {
    try self.init(weight.baseAddress, bias, format, outputs: bias.count, inputs: inputs)
  }

  /// Packs bytes.
  convenience init(_ bytes: [Int8], outputs: Int, inputs: Int) throws(TensorError) {
    try self.init(bytes, nil, .int8, outputs: outputs, inputs: inputs)
  }

  private init(
    _ weight: UnsafeRawPointer?, _ bias: UnsafePointer<Float>?, _ format: NumberFormat, outputs: Int, inputs: Int
  ) throws(TensorError) {
    var made: OpaquePointer?
    let status = conednn_weights_create(&made, format.code, weight, bias, Int64(outputs), Int64(inputs))
    guard status == 0, let made else {
      throw .library(
        operation: "packing weights of \(outputs) × \(inputs)",
        reason: String(cString: conednn_status_words(status)))
    }
    handle = made
  }

  deinit { conednn_weights_destroy(handle) }

  /// The bytes that they take.
  var bytes: Int { withExtendedLifetime(self) { conednn_weights_bytes(handle) } }
}
