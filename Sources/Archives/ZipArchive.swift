internal import Bytes

/// The entries of a zip, as its directory lists them, with every offset checked against the file.
///
/// Nothing is extracted, so names are never used as paths. Compressed and encrypted entries are errors.
package struct ZipArchive: Sendable {
  /// An entry's name and the bytes of the file that it consists of.
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let range: Range<Int>
  }

  /// The entries in the order of their bytes.
  package let entries: [Entry]
  private let places: [ByteText: Int]

  /// Reads the directory of a whole zip.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
    let directory = try ZipDirectory(bytes)
    var spans: [(entry: Entry, from: Int)] = []
    var at = directory.range.lowerBound
    for _ in 0..<directory.count {
      let header = try ZipHeader(bytes, at: at, within: directory.range)
      at = header.end
      let range = try header.data(in: bytes, before: directory.range.lowerBound)
      spans.append((Entry(name: header.name, range: range), header.local))
    }
    spans.sort { ($0.from, $0.entry.range.upperBound) < ($1.from, $1.entry.range.upperBound) }
    for (one, next) in zip(spans, spans.dropFirst()) where next.from < one.entry.range.upperBound {
      throw .overlap(next.entry.name, other: one.entry.name)
    }
    entries = spans.map(\.entry)
    var places: [ByteText: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard places.updateValue(index, forKey: ByteText(entry.name)) == nil else { throw .duplicateEntry(entry.name) }
    }
    self.places = places
  }

  /// The bytes of the entry of this name.
  package subscript(name: String) -> Range<Int>? { places[ByteText(name)].map { entries[$0].range } }

  /// Whether bytes begin like a zip.
  package static func isBeginning(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.number(UInt32.self, at: 0) == ZipHeader.localSignature
  }
}

/// The position of a zip's directory, from the record at the file's end, or from the 64-bit record if it refers to
/// that.
struct ZipDirectory {
  /// The directory's bytes.
  let range: Range<Int>
  /// How many entries it lists.
  let count: Int

  private static let signature: UInt32 = 0x0605_4B50
  private static let size = 22
  private static let longestComment = 65_535

  /// Reads the records at a zip's end.
  ///
  /// - Parameters:
  ///   - bytes: the zip's last bytes, or all of them.
  ///   - base: where the first of these is in the zip.
  /// - Throws: if there is no such record, or it names other places than bytes of the zip.
  init(_ bytes: UnsafeRawBufferPointer, base: Int = 0) throws(ArchiveError) {
    guard let end = Self.end(bytes) else { throw .noDirectory }
    func short(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt16.self, at: end + offset) ?? 0) }
    func long(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt32.self, at: end + offset) ?? 0) }
    guard short(4) == 0 || short(4) == 0xFFFF, short(8) == short(10) else { throw .severalVolumes }
    var (count, size, start, limit) = (short(10), long(12), long(16), base + end)
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      let large = try Zip64Directory(bytes, before: end, base: base)
      (count, size, start, limit) = (large.count, large.size, large.start, large.at)
    }
    guard size <= UInt64(limit), start <= UInt64(limit) - size else {
      throw .outside(part: "its directory", at: start, bytes: size, available: limit)
    }
    guard count <= size / UInt64(ZipHeader.size) else { throw .entryCount(count, directoryBytes: Int(size)) }
    range = Int(start)..<Int(start + size)
    self.count = Int(count)
  }

  /// The last record that extends exactly to the end of the file.
  private static func end(_ bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= size else { return nil }
    let last = bytes.count - size
    for at in stride(from: last, through: max(0, last - longestComment), by: -1)
    where bytes.number(UInt32.self, at: at) == signature {
      if let comment = bytes.number(UInt16.self, at: at + 20), at + size + Int(comment) == bytes.count { return at }
    }
    return nil
  }
}

/// The record of a zip of more than 65,534 entries or 4 GiB.
private struct Zip64Directory {
  let count: UInt64
  let size: UInt64
  let start: UInt64
  let at: Int

  init(_ bytes: UnsafeRawBufferPointer, before end: Int, base: Int) throws(ArchiveError) {
    let locator = end - 20
    guard bytes.number(UInt32.self, at: locator) == 0x0706_4B50 else {
      throw .noRecord(part: "locator of the 64-bit directory", at: base + max(0, locator))
    }
    guard let place = bytes.number(UInt64.self, at: locator + 8), place <= UInt64(base + max(0, locator - 56)) else {
      throw .outside(
        part: "its 64-bit directory's record", at: bytes.number(UInt64.self, at: locator + 8) ?? 0, bytes: 56,
        available: base + locator)
    }
    at = Int(place)
    let near = at - base
    guard bytes.number(UInt32.self, at: near) == 0x0606_4B50, let disk = bytes.number(UInt32.self, at: near + 16),
      let here = bytes.number(UInt64.self, at: near + 24), let count = bytes.number(UInt64.self, at: near + 32),
      let size = bytes.number(UInt64.self, at: near + 40), let start = bytes.number(UInt64.self, at: near + 48)
    else { throw .noRecord(part: "64-bit directory's record", at: at) }
    guard disk == 0, here == count else { throw .severalVolumes }
    (self.count, self.size, self.start) = (count, size, start)
  }
}

/// An entry as described in a zip's directory.
struct ZipHeader {
  let name: String
  /// Where the entry's own header is, in front of its bytes.
  let local: Int
  /// Where the next header of the directory is.
  let end: Int
  private let length: Int
  private let knowsLength: Bool

  /// The bytes of a header without its name.
  static let size = 46
  static let localSignature: UInt32 = 0x0403_4B50
  private static let localSize = 30

  /// Reads the header at a byte of the directory.
  init(_ bytes: UnsafeRawBufferPointer, at: Int, within directory: Range<Int>) throws(ArchiveError) {
    func short(_ offset: Int) -> Int { Int(bytes.number(UInt16.self, at: at + offset) ?? 0) }
    func long(_ offset: Int) -> UInt64 { UInt64(bytes.number(UInt32.self, at: at + offset) ?? 0) }
    guard at + Self.size <= directory.upperBound, long(0) == 0x0201_4B50 else {
      throw .noRecord(part: "entry of the directory", at: at)
    }
    let (nameEnd, flags) = (at + Self.size + short(28), short(8))
    let extraEnd = nameEnd + short(30)
    end = extraEnd + short(32)
    guard end <= directory.upperBound else { throw .noRecord(part: "whole entry of the directory", at: at) }
    guard let name = bytes.text(at + Self.size..<nameEnd) else { throw .badName(at: at + Self.size) }
    var (packed, whole, local) = (long(20), long(24), long(42))
    if packed == 0xFFFF_FFFF || whole == 0xFFFF_FFFF || local == 0xFFFF_FFFF {
      guard var values = Self.large(bytes, nameEnd..<extraEnd)?[...] else { throw .contradiction(name) }
      // Only the numbers that do not fit are present, in this order.
      func enlarge(_ field: inout UInt64) throws(ArchiveError) {
        guard field == 0xFFFF_FFFF else { return }
        guard let value = values.popFirst() else { throw .contradiction(name) }
        field = value
      }
      try enlarge(&whole)
      try enlarge(&packed)
      try enlarge(&local)
    }
    guard flags & 1 == 0 else { throw .encrypted(name) }
    guard short(10) == 0 else { throw .compressed(name) }
    guard packed == whole else { throw .contradiction(name) }
    guard whole <= UInt64(bytes.count), local <= UInt64(bytes.count) else {
      throw .outside(part: name, at: local, bytes: whole, available: bytes.count)
    }
    (self.name, self.local, length) = (name, Int(local), Int(whole))
    // A program that writes without seeking puts the lengths after the bytes, and in the directory.
    knowsLength = flags & 8 == 0
  }

  /// The values of the extra field for 64-bit sizes.
  static func large(_ bytes: UnsafeRawBufferPointer, _ extra: Range<Int>) -> [UInt64]? {
    var at = extra.lowerBound
    while at + 4 <= extra.upperBound {
      guard let kind = bytes.number(UInt16.self, at: at), let size = bytes.number(UInt16.self, at: at + 2) else {
        break
      }
      let end = at + 4 + Int(size)
      guard end <= extra.upperBound else { return nil }
      if kind == 1 {
        return stride(from: at + 4, to: end - 7, by: 8).compactMap { bytes.number(UInt64.self, at: $0) }
      }
      at = end
    }
    return nil
  }

  /// The entry's bytes, after its own header, which must agree with the directory.
  func data(in bytes: UnsafeRawBufferPointer, before limit: Int) throws(ArchiveError) -> Range<Int> {
    guard bytes.number(UInt32.self, at: local) == Self.localSignature,
      let names = bytes.number(UInt16.self, at: local + 26), let extras = bytes.number(UInt16.self, at: local + 28),
      let flags = bytes.number(UInt16.self, at: local + 6), let method = bytes.number(UInt16.self, at: local + 8),
      let packed = bytes.number(UInt32.self, at: local + 18), let whole = bytes.number(UInt32.self, at: local + 22)
    else { throw .noRecord(part: "header of \(name)", at: local) }
    let nameEnd = local + Self.localSize + Int(names)
    let start = nameEnd + Int(extras)
    guard start <= limit, length <= limit - start else {
      throw .outside(part: name, at: UInt64(start), bytes: UInt64(length), available: limit)
    }
    guard bytes[local + Self.localSize..<nameEnd].elementsEqual(name.utf8), flags & 1 == 0, method == 0 else {
      throw .contradiction(name)
    }
    if knowsLength {
      for declared in [packed, whole] where declared != 0xFFFF_FFFF && Int(declared) != length {
        throw .contradiction(name)
      }
    }
    return start..<start + length
  }
}
