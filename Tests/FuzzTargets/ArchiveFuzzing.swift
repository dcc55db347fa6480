import Archives

/// Files of tensors: PyTorch's, NumPy's and safetensors. Every tensor must be within the file.
enum ArchiveFuzzing {
  static func read(_ bytes: [UInt8]) throws(BrokenPromise) -> Bool {
    try BrokenPromise.accepts {
      try bytes.withUnsafeBytes { bytes in
        if bytes.count > 8, bytes[8] == UInt8(ascii: "{") { return try checkSafetensors(bytes) }
        for tensor in try tensors(of: bytes) { try check(tensor, in: bytes) }
      }
    }
  }

  /// Reads an archive as the program does: by its first bytes.
  private static func tensors(of bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> [StoredTensor] {
    if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { return [try NumpyFile.array(bytes, file: "array")] }
    if TorchFile.isLegacy(bytes) { return try TorchFile(bytes).tensors }
    let zip = try ZipArchive(bytes)
    let isNumpy = zip.entries.contains { $0.name.utf8.suffix(4).elementsEqual(".npy".utf8) }
    return isNumpy ? try NumpyFile(bytes, zip).tensors : try TorchFile(bytes, zip).tensors
  }

  private static func checkSafetensors(_ bytes: UnsafeRawBufferPointer) throws {
    let header = try SafetensorsHeader.read(bytes, isQuantised: true, skipsOtherTypes: true, limit: 1 << 20)
    for tensor in header.tensors {
      try BrokenPromise.unless(
        tensor.range.lowerBound >= 8 && tensor.range.upperBound <= bytes.count, "a tensor outside the file")
      try BrokenPromise.unless(
        tensor.shape.reduce(1, *) * tensor.type.bytes == tensor.range.count, "a shape of another size")
    }
  }

  /// The last number must be within the bytes, too.
  private static func check(_ tensor: StoredTensor, in bytes: UnsafeRawBufferPointer) throws(BrokenPromise) {
    try BrokenPromise.unless(
      tensor.start >= 0 && tensor.count * tensor.format.bytes <= bytes.count, "more numbers than bytes")
    guard tensor.count > 0 else { return }
    let last = zip(tensor.shape, tensor.strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    try BrokenPromise.unless(
      tensor.start + (last + 1) * tensor.format.bytes <= bytes.count, "a number outside the file")
  }
}
