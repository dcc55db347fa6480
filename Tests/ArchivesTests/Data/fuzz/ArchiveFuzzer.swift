import Archives

/// What libFuzzer calls with bytes of its making, which are read as an archive: they must be read or refused.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  let tensors: [StoredTensor]
  do throws(ArchiveFault) {
    if TorchFile.isLegacy(bytes) {
      tensors = try TorchFile(bytes).tensors
    } else {
      let zip = try ZipArchive(bytes)
      let isNumpy = zip.entries.contains { $0.name.utf8.suffix(4).elementsEqual(".npy".utf8) }
      tensors = isNumpy ? try NumpyFile(bytes, zip).tensors : try TorchFile(bytes, zip).tensors
    }
  } catch {
    return error.description.isEmpty ? 1 : 0
  }
  for tensor in tensors where tensor.count > 0 {
    // The last number must lie within the bytes, too.
    let last = zip(tensor.shape, tensor.strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    precondition(tensor.start >= 0 && tensor.start + (last + 1) * tensor.format.bytes <= count)
    precondition(tensor.count * tensor.format.bytes <= count)
  }
  return 0
}
