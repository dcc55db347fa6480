package import Archives
import Bytes

/// Tensors of one or several files that another program wrote, under that program's names. The numbers stay on disk.
///
/// Integer tensors, such as counters and position tables, are ignored.
struct ExternalTensors: Sendable {
  /// The file, or the list of shards, for messages.
  let path: String
  /// The names, in bytewise order.
  let names: [ByteText]
  private let places: [ByteText: Place]
  /// The names of integer tensors.
  private let skipped: Set<ByteText>

  private enum Place: Sendable {
    case safetensors(Safetensors, Safetensors.Tensor)
    case archive(MappedFile, StoredTensor)

    var shape: [Int] {
      switch self {
      case .safetensors(_, let tensor): tensor.shape
      case .archive(_, let tensor): tensor.shape
      }
    }
  }

  /// Opens a file; its first bytes show its kind: safetensors, a file of `torch.save`, or `.npz`.
  init(path: String) throws(HubError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw HubError(error)
    }
    let tensors: [StoredTensor]?
    do {
      tensors = try file.withBytes { (bytes) throws(ArchiveError) in try Self.archived(bytes) }
    } catch {
      throw .archive(path: path, error)
    }
    if let tensors {
      let floating = tensors.filter(\.format.isFloating), others = tensors.filter { !$0.format.isFloating }
      self.init(
        path: path, floating.map { ($0.name, .archive(file, $0)) }, skipped: Set(others.map(\.name)))
      return
    }
    do {
      let file = try Safetensors(path: path, skipsOtherTypes: true)
      self.init(
        path: path, file.tensors.map { ($0.name, .safetensors(file, $0)) },
        skipped: Set(file.skipped))
    } catch {
      throw HubError(error)
    }
  }

  /// The tensors of an archive; nil for any other file.
  private static func archived(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> [StoredTensor]? {
    if TorchFile.isLegacy(bytes) { return try TorchFile(bytes).tensors }
    guard ZipArchive.isBeginning(bytes) else { return nil }
    let zip = try ZipArchive(bytes)
    let isNumpy = zip.entries.contains { $0.name.utf8.suffix(4).elementsEqual(".npy".utf8) }
    return isNumpy ? try NumpyFile(bytes, zip).tensors : try TorchFile(bytes, zip).tensors
  }

  /// Some tensors of several files, given by name and file.
  init(path: String, parts: [(name: ByteText, file: ExternalTensors)]) throws(HubError) {
    var places: [(ByteText, Place)] = []
    for (name, file) in parts {
      if let place = file.places[name] {
        places.append((name, place))
      } else if !file.skipped.contains(name) {
        throw .notInShard(path: file.path, name: name.text)
      }
    }
    self.init(path: path, places, skipped: [])
  }

  private init(path: String, _ places: [(ByteText, Place)], skipped: Set<ByteText>) {
    (self.path, self.skipped) = (path, skipped)
    names = places.map(\.0).sorted()
    self.places = Dictionary(places, uniquingKeysWith: { first, _ in first })
  }

  /// The shape of a tensor; nil if there is none of this name.
  subscript(name: String) -> [Int]? { places[ByteText(name)]?.shape }

  /// The numbers of a tensor in row-major order, as f32; empty if it does not exist.
  func floats(_ name: String) -> [Float] {
    switch places[ByteText(name)] {
    case .safetensors(let file, let tensor): file.floats(tensor)
    case .archive(let file, let tensor): tensor.floats(in: file)
    case nil: []
    }
  }
}

extension StoredTensor {
  /// The numbers in row-major order, rounded to f32 if they have more digits.
  ///
  /// O(numbers); numbers that are contiguous are read as one row.
  package func floats(in file: MappedFile) -> [Float] {
    defer { if isContiguous { file.release(start..<start + count * format.bytes) } }
    return file.withBytes { floats(in: $0) }
  }

  /// The same for a file that is completely in memory.
  func floats(in bytes: UnsafeRawBufferPointer) -> [Float] {
    let count = count
    return [Float](unsafeUninitializedCapacity: count) { buffer, written in
      let floats = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      if isContiguous {
        format.read(UnsafeRawBufferPointer(rebasing: bytes[start..<start + count * format.bytes]), into: floats)
      } else {
        gather(bytes, into: floats)
      }
      written = count
    }
  }

  private func gather(_ bytes: UnsafeRawBufferPointer, into floats: UnsafeMutableBufferPointer<Float>) {
    var index = [Int](repeating: 0, count: shape.count), place = 0
    for number in floats.indices {
      let from = start + place * format.bytes
      format.read(
        UnsafeRawBufferPointer(rebasing: bytes[from..<from + format.bytes]),
        into: UnsafeMutableBufferPointer(rebasing: floats[number...number]))
      // The next index; the last axis runs fastest.
      for axis in shape.indices.reversed() {
        index[axis] += 1
        place += strides[axis]
        if index[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }
}

extension StoredFormat {
  /// Reads numbers, at any alignment, as f32.
  fileprivate func read(_ from: UnsafeRawBufferPointer, into to: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .f32: TensorType.f32.read(from, into: to)
    case .f16: TensorType.f16.read(from, into: to)
    case .bf16: TensorType.bf16.read(from, into: to)
    case .i8: TensorType.i8.read(from, into: to)
    case .f64:
      for index in to.indices {
        let bits = from.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        to[index] = Float(Double(bitPattern: UInt64(littleEndian: bits)))
      }
    case .i64: readIntegers(from, as: Int64.self, into: to)
    case .i32: readIntegers(from, as: Int32.self, into: to)
    case .i16: readIntegers(from, as: Int16.self, into: to)
    case .u8, .bool: for index in to.indices { to[index] = Float(from[index]) }
    }
  }

  private func readIntegers<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ from: UnsafeRawBufferPointer, as type: Integer.Type, into to: UnsafeMutableBufferPointer<Float>
  ) {
    for index in to.indices {
      to[index] = Float(Integer(littleEndian: from.loadUnaligned(fromByteOffset: index * bytes, as: Integer.self)))
    }
  }
}
