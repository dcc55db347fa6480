package import Archives
import Bytes
internal import Files

/// Writes a safetensors file tensor by tensor, so that at most one is in memory.
///
/// The file appears under its name when it is complete; a failure leaves nothing.
package final class SafetensorsWriter {
  /// A tensor to be written.
  package struct Entry: Sendable {
    let name: String
    let type: TensorType
    let shape: [Int]

    package init(name: String, type: TensorType, shape: [Int]) {
      (self.name, self.type, self.shape) = (name, type, shape)
    }

    /// The size in bytes.
    var bytes: Int { shape.reduce(type.bytes, *) }
  }

  private let path: String
  private let expected: [Entry]
  private var written = 0
  private let file: AtomicWriter

  /// Begins a file of F32 tensors, which must be appended in this order.
  package convenience init(path: String, tensors: [ModelConfiguration.TensorShape]) throws(ModelError) {
    try self.init(path: path, entries: tensors.map { Entry(name: $0.name, type: .f32, shape: $0.shape) })
  }

  /// Begins a file of tensors, which must be appended in this order; `metadata` are notes with distinct keys.
  package init(
    path: String, entries tensors: [Entry], metadata: [Safetensors.MetadataEntry] = []
  ) throws(ModelError) {
    var offset = 0
    var entries: [String] = []
    if !metadata.isEmpty {
      var remarks = JSONWriter()
      remarks.object(metadata, key: \.key.text) { $0.string($1.text) }
      entries.append("\"__metadata__\":\(remarks.text)")
    }
    entries += tensors.map { tensor in
      let end = offset + tensor.bytes
      defer { offset = end }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      return "\(JSONWriter.quoted(tensor.name)):{\"dtype\":\"\(tensor.type.rawValue)\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(offset),\(end)]}"
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    // Blanks after the header align the numbers to 8 bytes.
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    (self.path, expected) = (path, tensors)
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
    file = try ModelError.writing(path) { () throws(FileError) in
      let file = try AtomicWriter(path, .replacing)
      try file.write(length)
      try file.write(header)
      return file
    }
  }

  /// Writes the next tensor's numbers.
  package func append(_ numbers: [Float]) throws(ModelError) {
    // The format is little-endian, as is every supported machine.
    try numbers.withUnsafeBufferPointer { (numbers) throws(ModelError) in try write(UnsafeRawBufferPointer(numbers)) }
  }

  /// Writes the next tensor's numbers, in their memory representation.
  package func append(_ numbers: UnsafeBufferPointer<Float>) throws(ModelError) {
    try write(UnsafeRawBufferPointer(numbers))
  }

  /// Writes the next tensor's 16-bit numbers.
  package func append(_ numbers: [Float16]) throws(ModelError) {
    try numbers.withUnsafeBufferPointer { (numbers) throws(ModelError) in try write(UnsafeRawBufferPointer(numbers)) }
  }

  /// Writes the next tensor's bytes.
  package func append(_ bytes: [Int8]) throws(ModelError) {
    try bytes.withUnsafeBufferPointer { (bytes) throws(ModelError) in try write(UnsafeRawBufferPointer(bytes)) }
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(ModelError) {
    precondition(written < expected.count && bytes.count == expected[written].bytes, "the next tensor's numbers")
    written += 1
    try ModelError.writing(path) { () throws(FileError) in try file.write(bytes) }
  }

  /// Gives the complete file its name.
  package func finish() throws(ModelError) {
    precondition(written == expected.count, "every tensor is written")
    try ModelError.writing(path) { () throws(FileError) in try file.finish() }
  }
}
