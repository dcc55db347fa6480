package import Archives
import Bytes
import Glibc

/// Tensors of one or several files that another program wrote, under that program's names. The numbers stay on disk.
///
/// Integer tensors, such as counters and position tables, are ignored.
struct ExternalTensors: Sendable {
  /// The file, or the list of shards, for messages.
  let path: String
  /// The names, in bytewise order.
  let names: [ByteText]
  /// What was done to read them.
  private(set) var notes: [ImportNote] = []
  private let places: [ByteText: Place]
  /// The names of integer tensors.
  private let skipped: Set<ByteText>

  private enum Place: Sendable {
    case safetensors(Safetensors, Safetensors.Tensor)
    case archive(MappedFile, StoredTensor)
    /// Numbers that are computed from other tensors on request.
    case computed(shape: [Int], @Sendable () -> [Float])

    var shape: [Int] {
      switch self {
      case .safetensors(_, let tensor): tensor.shape
      case .archive(_, let tensor): tensor.shape
      case .computed(let shape, _): shape
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
    let archive: (tensors: [StoredTensor], note: ImportNote?)?
    do {
      archive = try file.withBytes { (bytes) throws(ArchiveError) in try Self.archived(bytes, path) }
    } catch {
      throw .archive(path: path, error)
    }
    if let (tensors, note) = archive {
      let floating = tensors.filter(\.format.isFloating), others = tensors.filter { !$0.format.isFloating }
      self.init(
        path: path, floating.map { ($0.name, .archive(file, $0)) }, skipped: Set(others.map(\.name)))
      notes = note.map { [$0] } ?? []
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

  /// The tensors of an archive, and what was passed over; nil for any other file.
  private static func archived(
    _ bytes: UnsafeRawBufferPointer, _ path: String
  ) throws(ArchiveError) -> (tensors: [StoredTensor], note: ImportNote?)? {
    let file: TorchFile
    if TorchFile.isLegacy(bytes) {
      file = try TorchFile(bytes)
    } else {
      guard ZipArchive.isBeginning(bytes) else { return nil }
      let zip = try ZipArchive(bytes)
      if zip.entries.contains(where: { $0.name.utf8.suffix(4).elementsEqual(".npy".utf8) }) {
        return (try NumpyFile(bytes, zip).tensors, nil)
      }
      file = try TorchFile(bytes, zip)
    }
    let isPlain = file.otherKeys.isEmpty && file.objects.isEmpty
    return (
      file.tensors, isPlain ? nil : .passedOver(path: path, keys: file.otherKeys, objects: file.objects)
    )
  }

  /// Some tensors of several files, given by name and file.
  init(path: String, parts: [(name: ByteText, file: ExternalTensors)]) throws(HubError) {
    var places: [(ByteText, Place)] = [], notes: [ImportNote] = []
    for (name, file) in parts {
      for note in file.notes where !notes.contains(note) { notes.append(note) }
      if let place = file.places[name] {
        places.append((name, place))
      } else if !file.skipped.contains(name) {
        throw .notInShard(path: file.path, name: name.text)
      }
    }
    self.init(path: path, places, skipped: [])
    self.notes = notes
  }

  private init(path: String, _ places: [(ByteText, Place)], skipped: Set<ByteText>) {
    (self.path, self.skipped) = (path, skipped)
    names = places.map(\.0).sorted()
    self.places = Dictionary(places, uniquingKeysWith: { first, _ in first })
  }

  /// The tensors whose names begin with `prefix`, without it.
  func cutting(_ prefix: String) -> ExternalTensors {
    guard !prefix.isEmpty else { return self }
    func cut(_ name: ByteText) -> ByteText? {
      let bytes = name.text.utf8
      guard bytes.starts(with: prefix.utf8) else { return nil }
      return ByteText(String(decoding: bytes.dropFirst(prefix.utf8.count), as: UTF8.self))
    }
    var file = ExternalTensors(
      path: path, places.compactMap { name, place in cut(name).map { ($0, place) } },
      skipped: Set(skipped.compactMap(cut)))
    file.notes = notes + [.prefix(path: path, prefix: prefix)]
    return file
  }

  /// All but the tensors whose names match one of the patterns, in which `*` is any text and `?` any character.
  ///
  /// - Throws: `ignoredNothing` for a pattern that matches none.
  func leavingOut(_ patterns: [String]) throws(HubError) -> ExternalTensors {
    guard !patterns.isEmpty else { return self }
    func matches(_ name: ByteText, _ pattern: String) -> Bool { fnmatch(pattern, name.text, FNM_NOESCAPE) == 0 }
    for pattern in patterns where !(names + skipped).contains(where: { matches($0, pattern) }) {
      throw .ignoredNothing(path: path, pattern: pattern)
    }
    func isLeft(_ name: ByteText) -> Bool { !patterns.contains { matches(name, $0) } }
    var file = ExternalTensors(
      path: path, places.filter { isLeft($0.key) }.map { ($0, $1) }, skipped: skipped.filter(isLeft))
    file.notes = notes + [.ignored(path: path, names: names.filter { !isLeft($0) }.map(\.text))]
    return file
  }

  /// These tensors with others in their places, each computed when it is read.
  func replacing(
    _ others: [(name: ByteText, shape: [Int], floats: @Sendable () -> [Float])], _ note: ImportNote
  ) -> ExternalTensors {
    var places = places
    for other in others { places[other.name] = .computed(shape: other.shape, other.floats) }
    var file = ExternalTensors(path: path, places.map { ($0, $1) }, skipped: skipped)
    file.notes = notes + [note]
    return file
  }

  /// What the names of a model's tensors have before the one that the model calls by one of `spellings`; nothing if it
  /// is there as it is, or absent.
  ///
  /// - Throws: `severalPrefixes` if there are several, such as a student's and a teacher's.
  func prefix(before spellings: [String]) throws(HubError) -> String {
    if spellings.contains(where: { self[$0] != nil }) { return "" }
    for spelling in spellings {
      let ends = names.filter { $0.text.utf8.reversed().starts(with: ("." + spelling).utf8.reversed()) }
      guard let only = ends.first else { continue }
      func prefix(_ name: ByteText) -> String {
        String(decoding: name.text.utf8.dropLast(spelling.utf8.count), as: UTF8.self)
      }
      guard ends.count == 1 else { throw .severalPrefixes(path: path, prefixes: ends.map(prefix)) }
      return prefix(only)
    }
    return ""
  }

  /// The shape of a tensor; nil if there is none of this name.
  subscript(name: String) -> [Int]? { places[ByteText(name)]?.shape }

  /// The numbers of a tensor in row-major order, as f32; empty if it does not exist.
  func floats(_ name: String) -> [Float] {
    switch places[ByteText(name)] {
    case .safetensors(let file, let tensor): file.floats(tensor)
    case .archive(let file, let tensor): tensor.floats(in: file)
    case .computed(_, let floats): floats()
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
