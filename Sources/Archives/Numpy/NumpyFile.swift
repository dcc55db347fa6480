/// The arrays of a `.npz`: a zip with an array in each entry.
package struct NumpyFile: Sendable {
  /// The arrays by the names that they were saved under, in the order of their bytes.
  package let tensors: [StoredTensor]

  /// Reads a zip whose entries are known.
  package init(_ bytes: UnsafeRawBufferPointer, _ zip: ZipArchive) throws(ArchiveFault) {
    var tensors: [StoredTensor] = []
    for entry in zip.entries {
      guard entry.name.utf8.count > 4, entry.name.utf8.suffix(4).elementsEqual(".npy".utf8) else {
        throw .noArray(entry.name)
      }
      let header = try NumpyHeader(bytes, entry.range, name: entry.name)
      let numbers = entry.range.dropFirst(header.length)
      let count = StoredTensor.count(header.shape) ?? .max
      let (size, overflow) = count.multipliedReportingOverflow(by: header.format.bytes)
      guard !overflow, size == numbers.count,
        let tensor = StoredTensor(
          name: String(entry.name.dropLast(4)), format: header.format, shape: header.shape,
          strides: StoredTensor.strides(header.shape, reversed: header.isReversed), storage: numbers, offset: 0)
      else { throw .arrayLength(entry.name, expected: UInt64(clamping: overflow ? .max : size), found: numbers.count) }
      tensors.append(tensor)
    }
    self.tensors = tensors
  }
}
