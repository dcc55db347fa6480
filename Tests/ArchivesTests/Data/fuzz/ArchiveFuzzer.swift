import Archives

/// What libFuzzer calls with bytes of its making, which are read as a file of tensors: they must be read or refused.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzzArchive(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { return fuzzArray(bytes) }
  if count > 8, bytes[8] == UInt8(ascii: "{") { return fuzzSafetensors(bytes) }
  let tensors: [StoredTensor]
  do throws(ArchiveError) {
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
  for tensor in tensors { check(tensor, in: bytes) }
  return 0
}

private func fuzzArray(_ bytes: UnsafeRawBufferPointer) -> CInt {
  do throws(ArchiveError) {
    check(try NumpyFile.array(bytes, file: "array"), in: bytes)
    return 0
  } catch {
    return error.description.isEmpty ? 1 : 0
  }
}

private func fuzzSafetensors(_ bytes: UnsafeRawBufferPointer) -> CInt {
  do throws(SafetensorsError) {
    let header = try SafetensorsHeader.read(bytes, isQuantised: true, skipsOtherTypes: true, limit: 1 << 20)
    for tensor in header.tensors {
      precondition(tensor.range.lowerBound >= 8 && tensor.range.upperBound <= bytes.count)
      precondition(tensor.shape.reduce(1, *) * tensor.type.bytes == tensor.range.count)
    }
    return 0
  } catch {
    return error.description.isEmpty ? 1 : 0
  }
}

/// The last number must lie within the bytes, too.
private func check(_ tensor: StoredTensor, in bytes: UnsafeRawBufferPointer) {
  guard tensor.count > 0 else { return }
  let last = zip(tensor.shape, tensor.strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
  precondition(tensor.start >= 0 && tensor.start + (last + 1) * tensor.format.bytes <= bytes.count)
  precondition(tensor.count * tensor.format.bytes <= bytes.count)
}
