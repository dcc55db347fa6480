internal import CKernels

extension Collection where Element == Float {
  /// e^(xᵢ − max) / Σ e^(xⱼ − max), summed in a fixed order; NaN everywhere if there is one.
  public func softmax() -> [Float] {
    guard !isEmpty else { return [] }
    // The kernel works on whole registers of up to sixteen floats.
    var values = Array(self) + repeatElement(0, count: (16 - count % 16) % 16)
    let padded = values.count
    values.withUnsafeMutableBufferPointer { ckernels_softmax($0.baseAddress, 1, count, padded) }
    return Array(values.prefix(count))
  }
}
