/// The headers of an uncompressed tar, one after the other: ustar, GNU's long names and pax records.
///
/// Folders, devices and sparse files are passed over. Each header costs one read of 512 bytes.
struct TarIndex {
  /// A file or a link.
  struct Entry {
    var name: [UInt8]
    var place: FileArchive.Place
    /// The name of the file that a hard link is.
    var target: [UInt8]?
  }

  private static let block = 512
  /// The maximum size of a header of GNU or pax, which is read whole.
  private static let headerLimit = 1 << 20

  private let source: any RandomAccessBytes
  private var at = 0
  /// What pax records and long names say about the next file.
  private var name: [UInt8]?
  private var target: [UInt8]?
  private var size: Int?

  init(_ source: any RandomAccessBytes) { self.source = source }

  /// Whether bytes begin like a tar: the first header's sum is right.
  static func isBeginning(_ first: [UInt8]) -> Bool { first.count == block && hasRightSum(first) }

  /// The next file; nil at the end, which is a block of zeros or the end of the bytes.
  mutating func next() throws(ArchiveError) -> Entry? {
    while at < source.count {
      guard source.count - at >= Self.block else { throw .cutShort(part: "a header", at: at) }
      let header = try source.bytes(in: at..<at + Self.block)
      if header.allSatisfy({ $0 == 0 }) { return nil }
      guard Self.hasRightSum(header), let declared = Self.number(header[124..<136]) else {
        throw .noRecord(part: "tar header", at: at)
      }
      let kind = header[156], start = at + Self.block
      let isHeader = [UInt8(ascii: "L"), UInt8(ascii: "K"), UInt8(ascii: "x"), UInt8(ascii: "g")].contains(kind)
      let length = isHeader ? declared : size ?? declared
      guard length <= source.count - start else {
        throw .cutShort(part: String(decoding: Self.name(header), as: UTF8.self), at: start)
      }
      // The last file's block may be incomplete.
      at = min(source.count, start + (length + Self.block - 1) / Self.block * Self.block)
      if isHeader {
        try read(kind, start..<start + length)
        continue
      }
      let name = name ?? Self.name(header), target = target ?? Array(header[157..<257].prefix { $0 != 0 })
      (self.name, self.target, self.size) = (nil, nil, nil)
      if kind == UInt8(ascii: "1") || kind == UInt8(ascii: "2") {
        let place = FileArchive.Place(start: start, packed: 0, size: 0, storage: .link)
        return Entry(name: name, place: place, target: kind == UInt8(ascii: "1") ? target : nil)
      }
      guard [0, UInt8(ascii: "0"), UInt8(ascii: "7")].contains(kind), name.last != UInt8(ascii: "/") else { continue }
      return Entry(name: name, place: FileArchive.Place(start: start, packed: length, size: length))
    }
    return nil
  }

  /// Reads a header about the next file.
  private mutating func read(_ kind: UInt8, _ range: Range<Int>) throws(ArchiveError) {
    guard range.count <= Self.headerLimit else { throw .noRecord(part: "short tar header", at: range.lowerBound) }
    let bytes = try source.bytes(in: range)
    switch kind {
    case UInt8(ascii: "L"): name = Array(bytes.prefix { $0 != 0 })
    case UInt8(ascii: "K"): target = Array(bytes.prefix { $0 != 0 })
    case UInt8(ascii: "x"):
      guard let records = Self.records(bytes) else { throw .noRecord(part: "pax record", at: range.lowerBound) }
      for (key, value) in records {
        switch key {
        case "path": name = Array(value)
        case "linkpath": target = Array(value)
        case "size":
          guard let size = Int(String(decoding: value, as: UTF8.self)), size >= 0 else {
            throw .noRecord(part: "size in a pax record", at: range.lowerBound)
          }
          self.size = size
        default: break
        }
      }
    default: break
    }
  }

  /// The records of a pax header, `LENGTH KEY=VALUE\n`; nil if one is malformed.
  private static func records(_ bytes: [UInt8]) -> [(key: String, value: ArraySlice<UInt8>)]? {
    var rest = bytes[...], records: [(String, ArraySlice<UInt8>)] = []
    while let first = rest.first, first != 0 {
      guard let blank = rest.firstIndex(of: UInt8(ascii: " ")),
        let length = Int(String(decoding: rest[..<blank], as: UTF8.self)), length > blank - rest.startIndex + 1,
        length <= rest.count, rest[rest.startIndex + length - 1] == UInt8(ascii: "\n"),
        let sign = rest[blank..<rest.startIndex + length].firstIndex(of: UInt8(ascii: "="))
      else { return nil }
      let end = rest.startIndex + length
      records.append((String(decoding: rest[blank + 1..<sign], as: UTF8.self), rest[sign + 1..<end - 1]))
      rest = rest[end...]
    }
    return records
  }

  /// The name of a header, with its prefix in a ustar header.
  private static func name(_ header: [UInt8]) -> [UInt8] {
    let name = header[..<100].prefix { $0 != 0 }
    // GNU's own format uses those bytes otherwise.
    let isUstar = header[257..<263].elementsEqual("ustar\0".utf8)
    let prefix = isUstar ? header[345..<500].prefix { $0 != 0 } : []
    return prefix.isEmpty ? Array(name) : prefix + [UInt8(ascii: "/")] + name
  }

  /// A number in octal, or in GNU's base 256; nil if it is neither or does not fit.
  private static func number(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first else { return nil }
    if first & 0x80 != 0 {
      // A negative number begins with 0xFF.
      guard first == 0x80 else { return nil }
      return field.dropFirst().reduce(Int?(0)) { sum, byte in
        sum.flatMap { $0 < 1 << 50 ? $0 << 8 | Int(byte) : nil }
      }
    }
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
    return digits.reduce(Int?(0)) { sum, byte in
      (0x30...0x37).contains(byte) ? sum.map { $0 << 3 | Int(byte & 7) } : nil
    }
  }

  /// Whether a header's sum is right; the field of the sum counts as blanks, and some programs added signed bytes.
  private static func hasRightSum(_ header: [UInt8]) -> Bool {
    guard let expected = number(header[148..<156]), header[0] != 0 else { return false }
    var (sum, signed) = (8 * 0x20, 8 * 0x20)
    for (place, byte) in header.enumerated() where !(148..<156).contains(place) {
      sum += Int(byte)
      signed += Int(Int8(bitPattern: byte))
    }
    return expected == sum || expected == signed
  }
}
