package import Archives
package import Bytes
internal import Files
internal import Glibc

/// A safetensors file: named tensors, mapped into memory and completely checked before any is read.
///
/// The format: eight bytes with the header's length, the header in JSON, and the tensors' bytes without gaps.
package final class Safetensors: Sendable {
  /// A tensor's place in the file.
  package typealias Tensor = SafetensorsTensor
  /// A key of the metadata and its text.
  package typealias MetadataEntry = SafetensorsHeader.MetadataEntry

  /// Longer headers are rejected; that of a model of the published size has 60 KB.
  package static let headerLimit = 4 * 1_048_576

  private let file: MappedFile
  /// The tensors in the bytewise order of their names.
  package let tensors: [Tensor]
  /// The names of ignored tensors in other number formats.
  package let skipped: [ByteText]
  private let places: [ByteText: Int]
  private let metadata: [MetadataEntry]

  /// Opens the file at `path`; tensors of bytes are allowed for a quantised model.
  ///
  /// `skipsOtherTypes` ignores tensors of number formats that clfa's models do not have, such as position ids;
  /// `headerLimit`: the maximum size of the header in bytes, including the metadata.
  package init(
    path: String, isQuantised: Bool = false, skipsOtherTypes: Bool = false,
    headerLimit: Int = Safetensors.headerLimit
  ) throws(ModelError) {
    file = try MappedFile(path: path)
    do {
      let header = try file.withBytes { (bytes) throws(SafetensorsError) in
        try SafetensorsHeader.read(
          bytes, isQuantised: isQuantised, skipsOtherTypes: skipsOtherTypes, limit: headerLimit)
      }
      tensors = header.tensors.sorted { $0.name < $1.name }
      (metadata, skipped) = (header.metadata, header.skipped)
    } catch {
      throw .safetensors(path: path, error)
    }
    places = Self.places(tensors)
  }

  private static func places(_ tensors: [Tensor]) -> [ByteText: Int] {
    Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
  }

  /// The file's path.
  package var path: String { file.path }

  /// The tensor of this name.
  package subscript(name: String) -> Tensor? { places[ByteText(name)].map { tensors[$0] } }

  /// The metadata's text for a key; nil if there is no such key.
  package func metadata(_ key: ByteText) -> String? { metadata.first { $0.key == key }?.text }

  /// The tensor's numbers as f32.
  package func floats(_ tensor: Tensor) -> [Float] {
    withBytes(of: tensor) { bytes in
      [Float](unsafeUninitializedCapacity: tensor.count) { buffer, count in
        tensor.type.read(bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.count]))
        count = tensor.count
      }
    }
  }

  /// The tensor's raw bytes.
  package func bytes(_ tensor: Tensor) -> [Int8] { withBytes(of: tensor) { Array($0.bindMemory(to: Int8.self)) } }

  /// Calls `body` with the tensor's bytes.
  package func withBytes<Result>(of tensor: Tensor, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    defer { file.release(tensor.range) }
    return file.withBytes { body(UnsafeRawBufferPointer(rebasing: $0[tensor.range])) }
  }
}

/// A regular file's bytes, mapped into memory for reading.
///
/// Do not write to the file while it is mapped: a truncated file ends the process.
package final class MappedFile: @unchecked Sendable {
  package let path: String
  private let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`, of at most `limit` bytes.
  package init(path: String, limit: Int = .max) throws(ModelError) {
    self.path = path
    let file: OpenFile
    do throws(FileError) {
      file = try OpenFile(path)
    } catch {
      throw ModelError(reading: error, at: path)
    }
    let size = file.size
    guard size <= limit else { throw .fileTooLarge(path: path, bytes: size, limit: limit) }
    guard size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file.descriptor, 0), start != MAP_FAILED else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    if let start = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
    }
  }

  /// The number of bytes.
  package var count: Int { bytes.count }

  /// Calls `body` with the file's bytes, which are valid as long as this object exists.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// A copy of the file's bytes.
  package func copy() -> [UInt8] { withBytes { Array($0) } }

  /// Marks the bytes in `range` as not needed now, so that they do not count as used memory. Reading them, or their
  /// neighbours, brings them back: the system may map 2 MiB for one byte.
  package func release(_ range: Range<Int>) {
    guard let start = bytes.baseAddress, !range.isEmpty else { return }
    let large = 2 * 1_048_576
    let lower = range.lowerBound / large * large, upper = min(range.upperBound + large, bytes.count)
    madvise(UnsafeMutableRawPointer(mutating: start) + lower, upper - lower, MADV_DONTNEED)
  }
}
