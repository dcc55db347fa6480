internal import Bytes

/// The tensors of a file of `torch.save`: a zip with a pickle in it, or the older format of PyTorch before 1.6. It is
/// read as data: names, shapes, and positions of the numbers.
package struct TorchFile: Sendable {
  /// The tensors, in the order in which they were saved.
  package let tensors: [StoredTensor]
  /// The keys of the values that were saved with the table and are not tensors of it, such as `epoch`.
  package let otherKeys: [String]
  /// The Python names of the values of unknown kinds in the file, each once, such as `argparse.Namespace`.
  package let objects: [String]

  /// Reads a whole file.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    self = ZipArchive.isBeginning(bytes) ? try Self.zipped(bytes, ZipArchive(bytes)) : try Self.legacy(bytes)
  }

  /// Reads a zip whose entries are known.
  package init(_ bytes: UnsafeRawBufferPointer, _ zip: ZipArchive) throws(ArchiveError) {
    self = try Self.zipped(bytes, zip)
  }

  /// The magic number at the beginning of older files, pickled.
  private static let magic: [UInt8] = [
    0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E,
  ]

  /// Whether bytes begin like a file of PyTorch before 1.6.
  package static func isLegacy(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.prefix(magic.count).elementsEqual(magic)
  }

  private static func zipped(_ bytes: UnsafeRawBufferPointer, _ zip: ZipArchive) throws(ArchiveError) -> TorchFile {
    let pickles = zip.entries.filter {
      $0.name.utf8.split(separator: UInt8(ascii: "/")).last.map(Array.init) == Self.pickle
    }
    guard pickles.count == 1, let pickle = pickles.first else { throw .missingEntry("data.pkl") }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    guard zip[folder + "constants.pkl"] == nil else { throw .program }
    if let order = zip[folder + "byteorder"] {
      guard let text = bytes.text(order.prefix(16)), text == "little" else {
        throw .byteOrder(bytes.text(order.prefix(16)) ?? "unknown")
      }
    }
    guard pickle.range.count <= PickleReader.byteLimit else {
      throw .pickleTooLarge(bytes: pickle.range.count, limit: PickleReader.byteLimit)
    }
    var reader = PickleReader(bytes, pickle.range)
    let value = try reader.read()
    guard reader.at == pickle.range.upperBound else { throw .pickleGoesOn(at: reader.at) }
    var places: [Range<Int>] = []
    for storage in reader.storages {
      guard let range = zip["\(folder)data/\(storage.key)"] else { throw .missingEntry("\(folder)data/\(storage.key)") }
      places.append(try check(storage, range))
    }
    return try TorchFile(PickleTable(value, in: reader), reader, places)
  }

  private static let pickle = Array("data.pkl".utf8)

  /// The older format: a magic number, a protocol, facts about the machine, the table, the keys of storages, and the
  /// storages in that order.
  private static func legacy(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) -> TorchFile {
    guard isLegacy(bytes) else { throw .noTensors }
    var reader = PickleReader(bytes, magic.count..<bytes.count)
    guard case .integer(1001) = try reader.read() else { throw .noTensors }
    guard case .dictionary(let facts) = try reader.read() else { throw .noTensors }
    for fact in reader.dictionaries[facts] {
      if case .text(let key) = fact.key, key == "little_endian" {
        guard case .bool(true) = fact.value else { throw .byteOrder("big") }
      }
    }
    // This must be read first: the reader that looks up the table is then the one that has read it.
    let saved = try reader.read()
    let table = try PickleTable(saved, in: reader)
    guard case .list(let keys) = try reader.read() else { throw .noTensors }
    var at = reader.at, places: [Int: Range<Int>] = [:]
    for value in reader.sequences[keys] {
      guard case .text(let key) = value, let storage = reader.storageKeys[ByteText(key)] else { throw .noTensors }
      let declared = reader.storages[storage]
      guard let count = bytes.number(Int64.self, at: at) else { throw .missingEntry("storage \(key)") }
      guard count == Int64(declared.count) else { throw .storageAgain(key) }
      let (size, overflow) = declared.count.multipliedReportingOverflow(by: declared.format.bytes)
      at += 8
      guard !overflow, size <= bytes.count - at else {
        throw .storageLength(key, expected: UInt64(clamping: size), found: bytes.count - at)
      }
      guard places.updateValue(at..<at + size, forKey: storage) == nil else { throw .storageAgain(key) }
      at += size
    }
    guard at == bytes.count else { throw .pickleGoesOn(at: at) }
    var ordered: [Range<Int>] = []
    for (index, storage) in reader.storages.enumerated() {
      guard let range = places[index] else { throw .missingEntry("storage \(storage.key)") }
      ordered.append(range)
    }
    return try TorchFile(table, reader, ordered)
  }

  private static func check(_ storage: PickledStorage, _ range: Range<Int>) throws(ArchiveError) -> Range<Int> {
    let (size, overflow) = storage.count.multipliedReportingOverflow(by: storage.format.bytes)
    guard !overflow, size == range.count else {
      throw .storageLength(storage.key, expected: UInt64(clamping: overflow ? .max : size), found: range.count)
    }
    return range
  }

  /// The tensors of a table in the storages at these places.
  private init(_ table: PickleTable, _ reader: PickleReader, _ places: [Range<Int>]) throws(ArchiveError) {
    let storages = reader.storages
    var names: Set<ByteText> = [], tensors: [StoredTensor] = []
    for (text, declared) in table.tensors {
      let name = ByteText(text)
      guard names.insert(name).inserted else { throw .duplicateTensor(text) }
      let storage = storages[declared.storage]
      guard
        let tensor = StoredTensor(
          name: name, format: storage.format, shape: declared.shape, strides: declared.strides,
          storage: places[declared.storage],
          offset: declared.offset)
      else { throw .layout(at: declared.at) }
      guard tensor.count <= storage.count else { throw .repeats(numbers: tensor.count, stored: storage.count) }
      tensors.append(tensor)
    }
    (self.tensors, otherKeys) = (tensors, table.otherKeys)
    var seen: Set<ByteText> = []
    objects = reader.objects.map(\.name).filter { seen.insert(ByteText($0)).inserted }
  }
}
