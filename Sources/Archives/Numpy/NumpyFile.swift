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
      tensors.append(try Self.array(bytes, entry.range, file: entry.name).named(String(entry.name.dropLast(4))))
    }
    self.tensors = tensors
  }

  /// The array of a `.npy`, which is the whole of `bytes`; `file` is its name, for errors.
  package static func array(_ bytes: UnsafeRawBufferPointer, file: String) throws(ArchiveFault) -> StoredTensor {
    try array(bytes, 0..<bytes.count, file: file)
  }

  private static func array(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, file: String
  ) throws(ArchiveFault) -> StoredTensor {
    let header = try NumpyHeader(bytes, range, name: file)
    let numbers = range.dropFirst(header.length)
    let count = StoredTensor.count(header.shape) ?? .max
    let (size, overflow) = count.multipliedReportingOverflow(by: header.format.bytes)
    guard !overflow, size == numbers.count,
      let tensor = StoredTensor(
        name: file, format: header.format, shape: header.shape,
        strides: StoredTensor.strides(header.shape, reversed: header.isReversed), storage: numbers, offset: 0)
    else { throw .arrayLength(file, expected: UInt64(clamping: overflow ? .max : size), found: numbers.count) }
    return tensor
  }
}
